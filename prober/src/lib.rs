//! Asks the network, from where it stands, and reports only what it saw.
//!
//! Data flow: [`server`] receives a `Run`, [`probe`] and [`collect`] turn each spec into one observation, every socket
//! towards a target comes from [`net`], which asks [`guard`] about the binary address immediately before.

pub mod guard;
pub mod join;
pub mod net;
pub mod proxy;
pub mod server;
pub mod spool;

mod clock;
mod collect;
mod failure;
mod netns;
mod packet;
mod privilege;
mod probe;
mod sys;
