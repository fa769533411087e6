//! gRPC: guard, run, stream; no logic.

use std::sync::Arc;

use crate::guard::Guard;

/// How a prober presents itself.
#[derive(Debug, Clone)]
pub struct Settings {
    pub guard: Arc<Guard>,
    /// Name of the vantage that is the process's own namespace, `KIND/NAME` or `local`.
    pub own: String,
    /// Which machine this counts as; probers with the same value are one witness. Default: the kernel's boot id.
    pub witness: Option<String>,
    /// Node this Pod runs on.
    pub node: Option<String>,
    /// Also offer named namespaces, processes and containers of this machine.
    pub namespaces: bool,
}
