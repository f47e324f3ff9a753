//! The gRPC messages of the shop, written by hand in place of a `.proto` file, and the methods that carry them.

use crate::rpc::Method;

/// A product and how many of it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Item {
    /// Which product.
    #[prost(int32, tag = "1")]
    pub product: i32,
    /// How many.
    #[prost(int32, tag = "2")]
    pub quantity: i32,
}

/// Puts something into a cart.
#[derive(Clone, PartialEq, prost::Message)]
pub struct AddItem {
    /// Whose cart.
    #[prost(string, tag = "1")]
    pub customer: String,
    #[prost(message, optional, tag = "2")]
    pub item: Option<Item>,
}

/// Names a customer.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Customer {
    #[prost(string, tag = "1")]
    pub id: String,
}

/// What is in a cart.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CartContents {
    /// By product.
    #[prost(message, repeated, tag = "1")]
    pub items: Vec<Item>,
}

/// Asks for a price.
#[derive(Clone, PartialEq, prost::Message)]
pub struct QuoteRequest {
    /// For what.
    #[prost(message, repeated, tag = "1")]
    pub items: Vec<Item>,
    /// `standard`, `silver` or `gold`.
    #[prost(string, tag = "2")]
    pub tier: String,
}

/// A price in cents.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Quote {
    /// Before discounts.
    #[prost(int64, tag = "1")]
    pub subtotal: i64,
    /// What is taken off.
    #[prost(int64, tag = "2")]
    pub discount: i64,
    /// What is left to pay.
    #[prost(int64, tag = "3")]
    pub total: i64,
}

/// Charges a card.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ChargeRequest {
    /// For which order.
    #[prost(string, tag = "1")]
    pub order: String,
    /// How much, in cents.
    #[prost(int64, tag = "2")]
    pub amount: i64,
    /// `standard`, `silver` or `gold`.
    #[prost(string, tag = "3")]
    pub tier: String,
}

/// What became of a charge.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ChargeReply {
    /// Whether the card's bank agreed.
    #[prost(bool, tag = "1")]
    pub approved: bool,
    /// The card network's name for it.
    #[prost(string, tag = "2")]
    pub reference: String,
}

macro_rules! method {
    ($(#[$doc:meta])* $name:ident, $path:literal, $request:ty => $reply:ty) => {
        $(#[$doc])*
        pub struct $name;
        impl Method for $name {
            const PATH: &'static str = $path;
            type Request = $request;
            type Reply = $reply;
        }
    };
}

method!(
    /// Puts an item into a cart and answers with the cart.
    CartAdd, "/shop.Cart/AddItem", AddItem => CartContents
);
method!(
    /// What is in a cart.
    CartGet, "/shop.Cart/GetCart", Customer => CartContents
);
method!(
    /// Empties a cart.
    CartEmpty, "/shop.Cart/EmptyCart", Customer => CartContents
);
method!(
    /// Prices items for a customer.
    PricingQuote, "/shop.Pricing/Quote", QuoteRequest => Quote
);
method!(
    /// Charges a card.
    PaymentsCharge, "/shop.Payments/Charge", ChargeRequest => ChargeReply
);
