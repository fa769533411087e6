//! The lab: the standard topology with real daemons, faults as data, and the score of the product against them.

pub mod certs;
pub mod cluster;
pub mod demo;
pub mod exec;
pub mod inject;
pub mod isolate;
pub mod keep;
pub mod lane;
pub mod scenario;
pub mod score;
pub mod services;
pub mod topology;
