//! The command line of `pointsman demo`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::fault::Mode;

/// `pointsman demo`: Pointsman, a shop of small services that send it their telemetry, load, and a fault.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DemoArgs {
    /// What to do instead of running the demo.
    #[command(subcommand)]
    pub command: Option<DemoCommand>,
    /// How to run it.
    #[command(flatten)]
    pub run: RunArgs,
}

/// What `pointsman demo` does besides running.
#[derive(Debug, Clone, Subcommand)]
pub enum DemoCommand {
    /// Switch the fault of a running demo, or ask about it.
    Fault(FaultArgs),
    /// Run one instance of one service of the shop. The demo starts these itself.
    #[command(hide = true)]
    Service(ServiceArgs),
    /// Run another subcommand of this program that ends when the demo ends.
    #[command(hide = true)]
    Attached(AttachedArgs),
}

/// How the demo runs.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// Requests a second that shoppers send, whatever the shop's answers.
    #[arg(long, default_value_t = 15.0, value_name = "PER_SECOND", value_parser = rate)]
    pub rate: f64,
    /// Makes the shoppers' choices the same again.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The fault: by itself (60 s of every 180 s), always or never. `pointsman demo fault` changes it later.
    #[arg(long, value_enum, default_value_t = Mode::Auto)]
    pub fault: Mode,
    /// Where the services send their telemetry (OTLP/gRPC). Without it, the Pointsman that the demo starts.
    #[arg(long, value_name = "URL")]
    pub otlp_endpoint: Option<String>,
    /// Start no Pointsman: use one that runs at --http-addr and --otlp-grpc-addr.
    #[arg(long)]
    pub no_serve: bool,
    /// Where Pointsman serves the console.
    #[arg(
        long,
        env = "POINTSMAN_HTTP_ADDR",
        default_value = "127.0.0.1:3000",
        value_name = "ADDR"
    )]
    pub http_addr: SocketAddr,
    /// Where Pointsman receives OTLP/gRPC.
    #[arg(
        long,
        env = "POINTSMAN_OTLP_GRPC_ADDR",
        default_value = "127.0.0.1:4317",
        value_name = "ADDR"
    )]
    pub otlp_grpc_addr: SocketAddr,
    /// Where Pointsman receives OTLP/HTTP.
    #[arg(
        long,
        env = "POINTSMAN_OTLP_HTTP_ADDR",
        default_value = "127.0.0.1:4318",
        value_name = "ADDR"
    )]
    pub otlp_http_addr: SocketAddr,
    /// The folder for the private PostgreSQL, the processes' logs and the address of the fault's switch.
    #[arg(
        long,
        env = "POINTSMAN_DATA_DIR",
        default_value = ".pointsman/demo",
        value_name = "DIR"
    )]
    pub data_dir: PathBuf,
    /// A PostgreSQL to use in place of the private one. The shop's own database `shop` is made beside it.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// The first of the ports that the services listen on, one after the other; 0 takes free ones.
    #[arg(long, default_value_t = 0, value_name = "PORT", value_parser = clap::value_parser!(u16).range(..=65_000))]
    pub base_port: u16,
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if (0.0..=1000.0).contains(&rate) => Ok(rate),
        _ => Err("a number from 0 to 1000, please".to_owned()),
    }
}

/// `pointsman demo fault`.
#[derive(Debug, Clone, Args)]
pub struct FaultArgs {
    /// What to do with the fault.
    #[arg(value_enum, default_value_t = FaultWord::Status)]
    pub word: FaultWord,
    /// The address that the running demo printed. Without it, the one it wrote to its data folder.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The data folder of the running demo.
    #[arg(
        long,
        env = "POINTSMAN_DATA_DIR",
        default_value = ".pointsman/demo",
        value_name = "DIR"
    )]
    pub data_dir: PathBuf,
}

/// What to do with the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FaultWord {
    /// Switch it on until told otherwise.
    On,
    /// Switch it off until told otherwise.
    Off,
    /// Let it come and go by itself.
    Auto,
    /// Say how it stands.
    Status,
}

/// One instance of one service.
#[derive(Debug, Clone, Args)]
pub struct ServiceArgs {
    /// Which service.
    #[arg(value_enum)]
    pub name: ServiceName,
    /// `service.instance.id`.
    #[arg(long)]
    pub instance: String,
    /// `service.version`.
    #[arg(long)]
    pub version: String,
    /// The port to listen on at 127.0.0.1; 0 takes a free one. The address is printed when the service is ready.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Where other services are, as NAME=ADDR; repeated for each instance.
    #[arg(long = "peer", value_name = "NAME=ADDR")]
    pub peers: Vec<Peer>,
    /// Where to send telemetry (OTLP/gRPC).
    #[arg(long, value_name = "URL")]
    pub otlp_endpoint: String,
    /// The shop's database.
    #[arg(long, env = "SHOP_DATABASE_URL", hide_env_values = true)]
    pub database_url: String,
}

/// Where an instance of another service listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The service.
    pub name: String,
    /// The instance.
    pub addr: SocketAddr,
}

impl std::str::FromStr for Peer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, addr) = text.split_once('=').ok_or("NAME=ADDR, please")?;
        let addr = addr
            .parse()
            .map_err(|_| format!("{addr} is not an address with a port"))?;
        Ok(Self {
            name: name.to_owned(),
            addr,
        })
    }
}

/// The services of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum ServiceName {
    /// What shoppers talk to (HTTP).
    Storefront,
    /// Products (HTTP).
    Catalog,
    /// What each shopper has chosen (gRPC).
    Cart,
    /// Prices and discounts (gRPC).
    Pricing,
    /// Turns a cart into an order (HTTP).
    Checkout,
    /// Charges cards (gRPC).
    Payments,
    /// Books parcels (HTTP).
    Shipping,
    /// The worker behind the queue: tells customers about their orders.
    Notifier,
    /// A company outside the shop: HTTP, not traced.
    CardNetwork,
}

impl ServiceName {
    /// `service.name`, and the word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Storefront => "storefront",
            Self::Catalog => "catalog",
            Self::Cart => "cart",
            Self::Pricing => "pricing",
            Self::Checkout => "checkout",
            Self::Payments => "payments",
            Self::Shipping => "shipping",
            Self::Notifier => "notifier",
            Self::CardNetwork => "card-network",
        }
    }
}

/// A subcommand of this program that ends with its parent.
#[derive(Debug, Clone, Args)]
pub struct AttachedArgs {
    /// The process that this one must not outlive.
    #[arg(long)]
    pub parent: i32,
    /// The subcommand and its arguments.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    pub command: Vec<String>,
}
