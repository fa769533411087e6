//! The API, the evidence and the bundle of probemesh, in one vocabulary.
//!
//! Wire types *are* the evidence: the prober fills them, the coordinator stores and forwards the bytes it received,
//! `mesh-diagnosis` lifts them once. Nothing here opens a network connection unless the feature `transport` is on.

#[cfg(feature = "identity")]
pub mod authz;
pub mod bundle;
#[cfg(feature = "identity")]
pub mod identity;
pub mod labels;
#[cfg(feature = "transport")]
pub mod notify;
pub mod pcapng;
#[cfg(feature = "transport")]
pub mod transport;

/// Messages and services of `mesh.v1`, generated from `proto/mesh/v1`.
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::clone_on_ref_ptr,
    clippy::map_err_ignore,
    unreachable_pub,
    unused_qualifications,
    elided_lifetimes_in_paths,
    reason = "generated"
)]
pub mod v1 {
    include!("gen/mesh.v1.rs");
    include!("gen/mesh.v1.serde.rs");
}

/// Version of the agreement between prober and coordinator. 2 has the spool: items are numbered, held until they are
/// acknowledged, and handed over again. A peer of one version less is served without it.
pub const PROTOCOL: u32 = 2;

/// Encoded `FileDescriptorSet` of the API, for gRPC reflection.
pub const DESCRIPTOR: &[u8] = include_bytes!("gen/mesh.v1.bin");
