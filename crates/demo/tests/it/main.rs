//! The whole shop as its users see it: processes that call each other and send OTLP, here to a receiver of the test's own.
//!
//! This executable is two things: without arguments of ours it is the test, with `demo ...` it is the program.
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

mod receiver;
mod story;

use clap::Parser;
use pointsman_demo::DemoArgs;

#[derive(Parser)]
enum Program {
    Demo(Box<DemoArgs>),
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    if std::env::args().nth(1).as_deref() == Some("demo") {
        let Program::Demo(args) = Program::parse();
        if let Err(error) = runtime.block_on(pointsman_demo::run(*args)) {
            eprintln!("{error:#}");
            std::process::exit(1);
        }
        return;
    }
    // `cargo test -- --list` and tools that ask so find no tests of the usual harness here.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    runtime.block_on(story::the_shop_lives_and_dies());
    println!("the shop lives and dies ... ok");
}
