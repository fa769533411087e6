//! Capabilities held -> probes offered.
