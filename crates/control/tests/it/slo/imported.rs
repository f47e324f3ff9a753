//! OpenSLO files are imported whole or not at all.

use pointsman_control::Problem;

use super::{AVAILABILITY, REASON, house};
use crate::house::House;
use crate::people::{denied, line};

/// A document for each of `a`, `b` and `c`, which is made of these two. They are in no house any more.
async fn documents(house: &House) -> Vec<String> {
    house.promise("a", AVAILABILITY).await;
    house.promise("b", AVAILABILITY).await;
    let members = r#"[{"objective":"a","weight":1.0},{"objective":"b","weight":1.0}]"#;
    let composite = format!(r#""indicator":{{"kind":"composite","members":{members}}}"#);
    house.promise("c", &composite).await;
    let use_cases = house.use_cases();
    let yaml = use_cases.promise().export_slos(None).await.unwrap();
    for name in ["c", "b", "a"] {
        use_cases.promise().remove_slo(name, REASON).await.unwrap();
    }
    let documents = yaml.split("---\n").skip(1);
    documents.map(|document| format!("---\n{document}")).collect()
}

async fn names(house: &House) -> Vec<String> {
    let slos = house.use_cases().promise().slos().await.unwrap();
    let mut names: Vec<String> = slos.into_iter().map(|slo| slo.objective.name.to_string()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_file_with_one_bad_document_imports_nothing_and_says_which() {
    let house = house().await;
    let documents = documents(&house).await;
    let entries = house.audit().await.len();
    // The composite one stands first, and comes after its members all the same; one of them is missing.
    let without_a = format!("{}{}", documents[2], documents[1]);
    let imported = house.use_cases().promise().import_slos(&without_a, REASON).await;
    let Err(Problem::Field(error)) = imported else {
        panic!("{imported:?}")
    };
    assert_eq!(
        (error.field.as_str(), error.message.as_str()),
        ("openslo", "document 1 (c): members: There is no SLO a.")
    );
    assert_eq!(names(&house).await, Vec::<String>::new());
    assert_eq!(house.audit().await.len(), entries);
    // What can't be read is no different.
    let half = format!("{}{}", documents[0], documents[1].replace("cart", ""));
    let imported = house.use_cases().promise().import_slos(&half, REASON).await;
    assert!(matches!(imported, Err(Problem::Field(error)) if error.message.starts_with("document 2")));
    assert_eq!(names(&house).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_file_with_one_document_that_is_refused_imports_nothing() {
    let house = house().await;
    let documents = documents(&house).await;
    house.engineer_of("ada", "checkout", "cart").await;
    let entries = house.audit().await.len();
    let foreign = format!("{}{}", documents[0], documents[1].replace("cart", "payments"));
    let ada = house.use_cases_of("ada").await;
    let imported = ada.promise().import_slos(&foreign, REASON).await;
    assert!(denied(&imported));
    let why = imported.unwrap_err().to_string();
    assert!(why.starts_with("document 2 (b): No team owns payments"), "{why}");
    assert_eq!(names(&house).await, Vec::<String>::new());
    let audit = house.audit().await;
    assert_eq!(audit.len(), entries + 1);
    assert!(
        line(&audit[0]).starts_with("refused slo.edit b by ada: "),
        "{}",
        line(&audit[0])
    );
}

#[tokio::test]
async fn a_whole_file_comes_in_in_the_order_of_its_parts() {
    let house = house().await;
    let documents = documents(&house).await;
    let backwards = format!("{}{}{}", documents[2], documents[1], documents[0]);
    let imported = house
        .use_cases()
        .promise()
        .import_slos(&backwards, REASON)
        .await
        .unwrap();
    let done: Vec<(&str, &str)> = imported
        .iter()
        .map(|done| (done.name.as_str(), done.outcome.as_str()))
        .collect();
    assert_eq!(done, [("b", "made"), ("a", "made"), ("c", "made")]);
    assert_eq!(names(&house).await, ["a", "b", "c"]);
}
