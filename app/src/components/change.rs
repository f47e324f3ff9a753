//! Forms that change something. They post to a server function: the browser does it by itself, or stays on the page where
//! WASM runs. What came of it is told by [`ChangeFailure`].

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::{Json, PostUrl};
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::{Http, ServerFn};
use leptos::web_sys::FormData;
use serde::de::DeserializeOwned;

use super::input::Reason;
use crate::failure::Failure;
use crate::live::use_live;

/// A server function that changes something and answers nothing.
pub trait Changing:
    ServerFn<
        Protocol = Http<PostUrl, Json>,
        Output = (),
        Error = Failure,
        Client: Client<Failure, Request: ClientReq<Failure, FormData: From<FormData>>>,
    > + DeserializeOwned
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Changing for S where
    S: ServerFn<
            Protocol = Http<PostUrl, Json>,
            Output = (),
            Error = Failure,
            Client: Client<Failure, Request: ClientReq<Failure, FormData: From<FormData>>>,
        > + DeserializeOwned
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// A change that the page offers; once it is done the page reads again. Make it where the page is made, outside of what new
/// data make anew.
pub fn use_change<S: Changing>() -> ServerAction<S> {
    let (action, live) = (ServerAction::<S>::new(), use_live());
    Effect::new(move |_| {
        if action.value().with(|value| matches!(value, Some(Ok(())))) {
            live.read_again();
        }
    });
    action
}

/// The form of a change.
#[component]
pub fn Change<S: Changing>(
    /// What it does.
    action: ServerAction<S>,
    /// What it does, in words, where nothing around it says so.
    #[prop(optional, into)]
    label: Option<String>,
    /// A class that gives it its shape.
    #[prop(optional)]
    class: &'static str,
    /// Its fields and its button.
    children: Children,
) -> AnyView {
    view! {
        <ActionForm action attr:class=format!("change {class}") attr:aria-label=label>
            {children()}
        </ActionForm>
    }
    .into_any()
}

/// Why a change was not made, in place from the start, so that it is read out when it comes.
#[component]
pub fn ChangeFailure<S: Changing>(
    /// The change.
    action: ServerAction<S>,
) -> AnyView {
    let why = move || {
        let value = action.value();
        value.with(|value| {
            value
                .as_ref()
                .and_then(|value| value.as_ref().err())
                .map(Failure::sentence)
        })
    };
    view! { <p class="change-failure" role="alert">{why}</p> }.into_any()
}

/// A change that is dangerous: it unfolds, says what will change, and asks why.
#[component]
pub fn Confirm<S: Changing>(
    /// What it does.
    action: ServerAction<S>,
    /// What the button says.
    #[prop(into)]
    verb: String,
    /// What will change, as a sentence.
    #[prop(into)]
    what: String,
    /// Whether it asks for a reason.
    #[prop(default = true)]
    reason: bool,
    /// Hidden fields, and others that it needs.
    children: Children,
) -> AnyView {
    let asked = reason.then(|| view! { <Reason /> });
    view! {
        <details class="confirm">
            <summary>{verb.clone()}</summary>
            <Change action class="confirm-form">
                <p>{what}</p>
                {children()}
                {asked}
                <button class="button danger" type="submit">{verb}</button>
            </Change>
        </details>
    }
    .into_any()
}
