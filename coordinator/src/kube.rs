//! Cluster state from a file: the `List` that `kubectl get services,endpointslices,ingresses,networkpolicies,pods,nodes,namespaces -A -o json`
//! prints, as evidence of the vantage `kube-api`.
//!
//! Field names are those of the Kubernetes API (core/v1, discovery.k8s.io/v1, networking.k8s.io/v1). Kinds and fields that
//! are not needed are passed over.

use std::collections::BTreeMap;

use mesh_proto::v1 as pb;
use serde::Deserialize;

mod policy;

/// Largest state file, bytes. 5,000 Pods print as about 40 MB.
pub const STATE_BYTES: usize = 128 << 20;

/// Label that ties an `EndpointSlice` to its Service.
const SERVICE_LABEL: &str = "kubernetes.io/service-name";

/// Why a state file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("{0} bytes are more than the {STATE_BYTES} a state file may have")]
    TooLarge(usize),
    #[error("not the JSON of a List: {0}")]
    Json(#[from] serde_json::Error),
    #[error(
        "kind {0:?} is not List: print it with kubectl get services,endpointslices,ingresses,networkpolicies,pods,nodes,namespaces -A -o json"
    )]
    NotAList(String),
}

#[derive(Debug, Deserialize)]
struct List {
    kind: String,
    #[serde(default)]
    items: Vec<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Meta {
    name: String,
    namespace: String,
    labels: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Service {
    metadata: Meta,
    spec: ServiceSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ServiceSpec {
    #[serde(rename = "clusterIP")]
    cluster_ip: String,
    #[serde(rename = "clusterIPs")]
    cluster_ips: Vec<String>,
    #[serde(rename = "externalIPs")]
    external_ips: Vec<String>,
    ports: Vec<ServicePort>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ServicePort {
    name: String,
    port: u32,
    target_port: serde_json::Value,
    protocol: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Slice {
    metadata: Meta,
    endpoints: Vec<Endpoint>,
    ports: Vec<SlicePort>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SlicePort {
    name: String,
    port: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Endpoint {
    addresses: Vec<String>,
    conditions: Conditions,
    node_name: String,
    target_ref: Meta,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Conditions {
    ready: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ingress {
    metadata: Meta,
    spec: IngressSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IngressSpec {
    rules: Vec<IngressRule>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IngressRule {
    host: String,
    http: IngressHttp,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IngressHttp {
    paths: Vec<IngressPath>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IngressPath {
    path: String,
    backend: Backend,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Backend {
    service: BackendService,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BackendService {
    name: String,
    port: BackendPort,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BackendPort {
    number: u32,
    name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pod {
    metadata: Meta,
    spec: PodSpec,
    status: PodStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PodSpec {
    node_name: String,
    host_network: bool,
    containers: Vec<Container>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Container {
    ports: Vec<ContainerPort>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ContainerPort {
    name: String,
    #[serde(rename = "containerPort")]
    number: u32,
    protocol: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PodStatus {
    #[serde(rename = "podIP")]
    pod_ip: String,
    conditions: Vec<PodCondition>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PodCondition {
    r#type: String,
    status: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Namespace {
    metadata: Meta,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Node {
    metadata: Meta,
    spec: NodeSpec,
    status: NodeStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeSpec {
    #[serde(rename = "podCIDRs")]
    pod_cidrs: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeStatus {
    addresses: Vec<NodeAddress>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeAddress {
    address: String,
    r#type: String,
}

/// Reads a state file.
pub fn parse(bytes: &[u8]) -> Result<pb::ClusterDetail, StateError> {
    if bytes.len() > STATE_BYTES {
        return Err(StateError::TooLarge(bytes.len()));
    }
    let list: List = serde_json::from_slice(bytes)?;
    if list.kind != "List" {
        return Err(StateError::NotAList(list.kind));
    }
    let mut cluster = pb::ClusterDetail::default();
    let mut slices = Vec::new();
    let mut ingresses = Vec::new();
    for item in list.items {
        match item.get("kind").and_then(serde_json::Value::as_str) {
            Some("Service") => cluster.services.push(service(serde_json::from_value(item)?)),
            Some("EndpointSlice") => slices.push(serde_json::from_value::<Slice>(item)?),
            Some("Ingress") => ingresses.push(serde_json::from_value::<Ingress>(item)?),
            Some("Pod") => cluster.pods.push(pod(serde_json::from_value(item)?)),
            Some("Node") => cluster.nodes.push(node(serde_json::from_value(item)?)),
            Some("NetworkPolicy") => cluster.policies.push(policy::policy(serde_json::from_value(item)?)),
            Some("Namespace") => cluster.namespaces.push(namespace(serde_json::from_value(item)?)),
            _ => {}
        }
    }
    cluster.read = read(&cluster);
    for slice in slices {
        join(&mut cluster.services, &slice);
    }
    for ingress in ingresses {
        routes(&mut cluster, ingress);
    }
    Ok(cluster)
}

fn service(service: Service) -> pb::ClusterService {
    let spec = service.spec;
    let mut addresses: Vec<String> = spec.cluster_ips;
    for address in std::iter::once(spec.cluster_ip).chain(spec.external_ips) {
        // "None" is a headless Service: it has no address of its own.
        if !address.is_empty() && address != "None" && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let port = |port: ServicePort| pb::ServicePort {
        name: port.name,
        port: port.port,
        target_port: match port.target_port {
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(number) => number.to_string(),
            _ => port.port.to_string(),
        },
        protocol: protocol(&port.protocol).to_owned(),
        endpoints: Vec::new(),
    };
    pb::ClusterService {
        namespace: service.metadata.namespace,
        name: service.metadata.name,
        addresses,
        ports: spec.ports.into_iter().map(port).collect(),
    }
}

fn join(services: &mut [pb::ClusterService], slice: &Slice) {
    let Some(name) = slice.metadata.labels.get(SERVICE_LABEL) else { return };
    let owner = services.iter_mut().find(|s| s.name == *name && s.namespace == slice.metadata.namespace);
    let Some(owner) = owner else { return };
    for port in &mut owner.ports {
        // A slice's port carries the Service port's name; an unnamed one is the only one.
        for slice_port in slice.ports.iter().filter(|known| known.name == port.name) {
            for endpoint in &slice.endpoints {
                for address in &endpoint.addresses {
                    port.endpoints.push(pb::EndpointAddress {
                        address: address.clone(),
                        port: slice_port.port,
                        // Absent means ready (discovery.k8s.io/v1, EndpointConditions).
                        ready: endpoint.conditions.ready.unwrap_or(true),
                        node: endpoint.node_name.clone(),
                        pod: endpoint.target_ref.name.clone(),
                    });
                }
            }
        }
    }
}

fn routes(cluster: &mut pb::ClusterDetail, ingress: Ingress) {
    let namespace = ingress.metadata.namespace;
    for rule in ingress.spec.rules {
        for path in rule.http.paths {
            let backend = path.backend.service;
            let named = || {
                let service = cluster.services.iter().find(|s| s.name == backend.name && s.namespace == namespace)?;
                service.ports.iter().find(|port| port.name == backend.port.name).map(|port| port.port)
            };
            let port = if backend.port.number > 0 { Some(backend.port.number) } else { named() };
            let Some(port) = port else { continue };
            cluster.routes.push(pb::ClusterRoute {
                host: rule.host.clone(),
                path: path.path,
                namespace: namespace.clone(),
                service: backend.name.clone(),
                port,
            });
        }
    }
}

/// A file does not say what was asked for: a kind of which it holds nothing may not have been.
fn read(cluster: &pb::ClusterDetail) -> Vec<String> {
    let kinds = [
        ("services", cluster.services.is_empty()),
        ("pods", cluster.pods.is_empty()),
        ("nodes", cluster.nodes.is_empty()),
        ("networkpolicies", cluster.policies.is_empty()),
        ("namespaces", cluster.namespaces.is_empty()),
    ];
    kinds.iter().filter(|(_, none)| !none).map(|(kind, _)| (*kind).to_owned()).collect()
}

fn pod(pod: Pod) -> pb::ClusterPod {
    let ports: Vec<ContainerPort> = pod.spec.containers.into_iter().flat_map(|container| container.ports).collect();
    let named = ports.iter().filter(|port| !port.name.is_empty()).map(|port| pb::NamedPort {
        name: port.name.clone(),
        port: port.number,
        protocol: protocol(&port.protocol).to_owned(),
    });
    pb::ClusterPod {
        named_ports: named.collect(),
        ports: ports.iter().filter(|port| protocol(&port.protocol) == "TCP").map(|port| port.number).collect(),
        labels: pod.metadata.labels,
        host_network: pod.spec.host_network,
        namespace: pod.metadata.namespace,
        name: pod.metadata.name,
        address: pod.status.pod_ip,
        node: pod.spec.node_name,
        ready: pod.status.conditions.iter().any(|condition| condition.r#type == "Ready" && condition.status == "True"),
    }
}

/// TCP where none is written (the API's default).
fn protocol(written: &str) -> &str {
    if written.is_empty() { "TCP" } else { written }
}

fn namespace(namespace: Namespace) -> pb::ClusterNamespace {
    pb::ClusterNamespace { name: namespace.metadata.name, labels: namespace.metadata.labels }
}

fn node(node: Node) -> pb::ClusterNode {
    let internal = node.status.addresses.into_iter().filter(|address| address.r#type == "InternalIP");
    pb::ClusterNode {
        name: node.metadata.name,
        addresses: internal.map(|address| address.address).collect(),
        pod_cidrs: node.spec.pod_cidrs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = r#"{"kind":"List","apiVersion":"v1","items":[
      {"kind":"Service","metadata":{"name":"api","namespace":"shop"},
       "spec":{"clusterIP":"10.96.14.20","clusterIPs":["10.96.14.20"],"ports":[{"name":"http","port":80,"targetPort":8080}]}},
      {"kind":"EndpointSlice","metadata":{"name":"api-x7k2p","namespace":"shop","labels":{"kubernetes.io/service-name":"api"}},
       "endpoints":[{"addresses":["10.42.3.9"],"conditions":{"ready":true},"nodeName":"worker-3","targetRef":{"name":"api-6c4d"}},
                    {"addresses":["10.42.4.5"],"conditions":{"ready":false}}],
       "ports":[{"name":"http","port":8080}]},
      {"kind":"Ingress","metadata":{"name":"edge","namespace":"shop"},
       "spec":{"rules":[{"host":"api.example.com","http":{"paths":[{"path":"/","backend":{"service":{"name":"api","port":{"name":"http"}}}}]}}]}},
      {"kind":"ConfigMap","metadata":{"name":"ignored"}}]}"#;

    #[test]
    fn services_slices_and_ingresses_are_joined() {
        let cluster = parse(STATE.as_bytes()).unwrap();
        let port = &cluster.services[0].ports[0];
        assert_eq!(cluster.services[0].addresses, ["10.96.14.20"]);
        assert_eq!((port.endpoints.len(), port.endpoints[0].ready, port.endpoints[1].ready), (2, true, false));
        assert_eq!((cluster.routes[0].service.as_str(), cluster.routes[0].port), ("api", 80));
    }

    #[test]
    fn what_is_no_list_says_so() {
        assert!(matches!(parse(b"{}"), Err(StateError::Json(_))));
        assert!(matches!(parse(br#"{"kind":"Pod"}"#), Err(StateError::NotAList(kind)) if kind == "Pod"));
        assert!(matches!(parse(b""), Err(StateError::Json(_))));
    }
}
