//! Hosts, links, faults and services as builders over network namespaces.
//!
//! Without features this crate builds networks by itself, needs no command and no root: `meshctl demo` stands on it. With
//! `full` it runs real daemons, scenarios and their scores. It is the one crate that may run commands.

mod demo;
#[cfg(feature = "full")]
pub mod lab;
mod namespace;
mod network;
mod rootless;
pub mod serve;

pub use demo::{DEMOS, DemoError, DemoHost, DemoNetwork, demo};
pub use namespace::{Host, Prefixed};
pub use network::{End, Network, prefixed};
pub use rootless::{EnterError, enter_rootless};
