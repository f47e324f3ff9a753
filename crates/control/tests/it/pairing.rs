//! Edges: each call once, in whatever order and batches its sides arrive, however many workers there are.

use pointsman_control::LoopOptions;
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::SpanKind::{Client, Consumer, Producer, Server};
use pointsman_testing::{SpanBuilder, span, spans};

use crate::house::{House, at};

/// A call from the storefront to checkout, a side each.
fn call(n: u64) -> (SpanBuilder, SpanBuilder) {
    let client = span("storefront").name("POST /orders").kind(Client).at(at(n));
    let server = span("checkout").name("POST /orders").kind(Server).child_of(&client);
    (client, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_sides_in_two_batches_are_one_edge_in_either_order_at_two_workers() {
    let house = House::new().await;
    // One row a cycle, so that the two sides of a call are in the hands of two workers at once.
    let loops = house.start_with(LoopOptions {
        workers: 2,
        items_per_cycle: 1,
        ..LoopOptions::default()
    });
    for n in 0..40 {
        let (client, server) = call(n);
        let (first, second) = if n % 2 == 0 { (client, server) } else { (server, client) };
        tokio::join!(house.send_spans(spans([first])), house.send_spans(spans([second])));
    }
    house.transformed().await;
    loops.stop().await;
    assert_eq!(house.edges().await, ["service storefront -> service checkout: 40, 0"]);
    house.settle().await;
    assert_eq!(house.edges().await, ["service storefront -> service checkout: 40, 0"]);
    let topology = house.topology().await;
    assert_eq!((topology.unpaired_clients, topology.unpaired_servers), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn sides_that_arrive_in_different_slots_are_one_edge() {
    let house = House::new().await;
    let (client, server) = call(0);
    house.send_spans(spans([server])).await;
    house.work().await;
    house.clock.set(house.clock.now_ns() + 31 * 1_000_000_000);
    house.send_spans(spans([client])).await;
    house.work().await;
    // The first slot is compacted before the second: what is in the second still finds its partner.
    house.settle().await;
    assert_eq!(house.edges().await, ["service storefront -> service checkout: 1, 0"]);
    let topology = house.topology().await;
    assert_eq!((topology.unpaired_clients, topology.unpaired_servers), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_long_after_its_producer_is_one_edge_when_the_producers_slot_is_gone() {
    let house = House::new().await;
    let produce = span("checkout")
        .kind(Producer)
        .at(at(0))
        .attr("server.address", "broker.example");
    let consume = span("shipping").kind(Consumer).child_of(&produce);
    house.send_spans(spans([produce])).await;
    house.work().await;
    // It starts late in the next slot, so that nothing says that its partner came before.
    house.clock.set(house.clock.now_ns() + 55 * SECOND_NS);
    house.send_spans(spans([consume.at(house.clock.now_ns())])).await;
    house.work().await;
    house.settle().await;
    assert_eq!(house.edges().await, ["service checkout -> service shipping: 1, 0"]);
    let topology = house.topology().await;
    assert_eq!((topology.unpaired_clients, topology.unpaired_servers), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_and_queues_are_stations_at_once_and_hosts_when_settled() {
    let house = House::new().await;
    let root = span("checkout").name("POST /orders").at(at(1));
    let query = span("checkout")
        .kind(Client)
        .child_of(&root)
        .attr("db.system.name", "postgresql")
        .attr("db.namespace", "orders");
    let bank = span("checkout")
        .kind(Client)
        .child_of(&root)
        .attr("server.address", "bank.example")
        .fails("declined");
    let queue = |span: SpanBuilder| {
        span.attr("messaging.system", "nats")
            .attr("messaging.destination.name", "orders")
    };
    let produce = queue(span("checkout").kind(Producer).child_of(&root));
    let consume = queue(span("shipping").kind(Consumer).child_of(&produce));
    let nobody = span("checkout").kind(Client).child_of(&root);
    house.send_spans(spans([root, query, bank, produce, nobody])).await;
    house.send_spans(spans([consume])).await;
    house.work().await;
    let at_once = [
        "service checkout -> database postgresql/orders: 1, 0",
        "service checkout -> queue orders: 1, 0",
        "queue orders -> service shipping: 1, 0",
    ];
    assert_eq!(house.edges().await, at_once);

    house.settle().await;
    let settled = [
        at_once[0],
        at_once[1],
        "service checkout -> external bank.example: 1, 1",
        at_once[2],
    ];
    assert_eq!(house.edges().await, settled);
    let topology = house.topology().await;
    assert_eq!((topology.unpaired_clients, topology.unpaired_servers), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_from_nobody_known_is_counted() {
    let house = House::new().await;
    let (_, server) = call(0);
    house.send_spans(spans([server])).await;
    house.work().await;
    house.settle().await;
    assert_eq!(house.edges().await, [""; 0]);
    assert_eq!(house.topology().await.unpaired_servers, 1);
}
