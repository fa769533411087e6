//! Every method says who may call it; one that does not would be open or closed by accident.

use prost_reflect::{DescriptorPool, Value};

#[test]
fn every_method_declares_a_role() {
    let pool = DescriptorPool::decode(mesh_proto::DESCRIPTOR).expect("the committed descriptor decodes");
    let authz = pool.get_extension_by_name("mesh.authz").expect("the option is declared");
    let mut methods = 0;
    for service in pool.services() {
        for method in service.methods() {
            methods += 1;
            let options = method.options();
            let role = options.get_extension(&authz);
            assert!(
                options.has_extension(&authz) && *role != Value::EnumNumber(0),
                "{} declares no (mesh.authz)",
                method.full_name()
            );
        }
    }
    assert!(methods >= 7, "{methods} methods");
}
