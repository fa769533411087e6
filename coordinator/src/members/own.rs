//! The coordinator's own certificates; their keys stay in memory.

use std::sync::Arc;

use mesh_proto::identity::{
    Identity, Role,
    authority::key_and_request,
    credential::{Credential, CredentialError},
    tls::Leaf,
};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::{Members, StateError};

/// What the coordinator is called in its own certificate.
const OWN_NAME: &str = "coordinator";

impl Members {
    fn own_identity(&self) -> Result<Identity, StateError> {
        Ok(Identity::new(self.mesh(), Role::Coordinator, OWN_NAME)?)
    }

    /// A fresh certificate of the coordinator itself.
    pub fn own(&self) -> Result<Credential, StateError> {
        let (key, csr) = key_and_request()?;
        let issued = self.authority().issue(&csr, &self.own_identity()?)?;
        Ok(Credential::issued(&key, vec![issued.to_vec(), self.authority().certificate().to_vec()])?)
    }

    /// As TLS uses it.
    pub fn own_leaf(&self) -> Result<Arc<Leaf>, StateError> {
        let leaf = self.own()?.leaf()?;
        self.show_hosts(&leaf)?;
        Ok(leaf)
    }

    /// Shows fresh certificates on connections begun from now on.
    pub(crate) fn renew_own(&self, leaf: &Leaf) -> Result<(), StateError> {
        self.own()?.shown_by(leaf)?;
        self.show_hosts(leaf)
    }

    fn show_hosts(&self, leaf: &Leaf) -> Result<(), StateError> {
        if self.hosts.is_empty() {
            return Ok(());
        }
        let (key, csr) = key_and_request()?;
        let issued = self.authority().issue_also(&csr, &self.own_identity()?, &self.hosts)?;
        let chain = [issued, self.authority().certificate().clone()].into_iter();
        let chain = chain.chain(self.authority().above().iter().cloned()).collect();
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        leaf.by_host(chain, &key).map_err(CredentialError::from).map_err(StateError::from)
    }
}
