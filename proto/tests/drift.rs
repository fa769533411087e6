//! The committed code under `src/gen` is what the proto files give; `UPDATE=1 cargo test -p mesh-proto --test drift` rewrites it.

use std::{collections::BTreeMap, fs, path::Path};

use prost::Message as _;

const FILES: [&str; 8] = [
    "mesh/v1/authz.proto",
    "mesh/v1/target.proto",
    "mesh/v1/probe.proto",
    "mesh/v1/evidence.proto",
    "mesh/v1/observation.proto",
    "mesh/v1/prober.proto",
    "mesh/v1/coordinator.proto",
    "mesh/v1/mesh.proto",
];

fn generate(out: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut compiler = protox::Compiler::new([root]).expect("the proto folder exists");
    compiler.include_source_info(true).include_imports(true).open_files(FILES).expect("the proto files compile");
    // Encoded here, because the decoded form has no room for options of our own.
    let bytes = compiler.encode_file_descriptor_set();
    fs::write(out.join("mesh.v1.bin"), &bytes).expect("write descriptor");
    tonic_prost_build::configure()
        .out_dir(out)
        // Whatever is written twice is written alike.
        .btree_map(".mesh.v1")
        .client_mod_attribute("mesh.v1", "#[cfg(feature = \"transport\")]")
        .server_mod_attribute("mesh.v1", "#[cfg(feature = \"transport\")]")
        .compile_fds(prost_types_of(&bytes))
        .expect("tonic code");
    pbjson_build::Builder::new()
        .register_descriptors(&bytes)
        .expect("descriptors register")
        .ignore_unknown_fields()
        .ignore_unknown_enum_variants()
        .preserve_proto_field_names()
        .btree_map([".mesh.v1"])
        .out_dir(out)
        .build(&[".mesh.v1"])
        .expect("json code");
    // The package of the method options holds no message that anybody includes.
    let options = out.join("mesh.rs");
    if options.exists() {
        fs::remove_file(options).expect("remove what nobody includes");
    }
}

fn prost_types_of(bytes: &[u8]) -> prost_types::FileDescriptorSet {
    prost_types::FileDescriptorSet::decode(bytes).expect("descriptor set decodes")
}

fn read(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(dir)
        .expect("folder")
        .map(|entry| {
            let path = entry.expect("entry").path();
            let name = path.file_name().expect("name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("read"))
        })
        .collect()
}

#[test]
fn generated_code_is_what_the_proto_files_give() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gen");
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(&committed).expect("create src/gen");
        generate(&committed);
        return;
    }
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gen");
    fs::create_dir_all(&out).expect("create scratch");
    generate(&out);
    let (want, have) = (read(&out), read(&committed));
    assert_eq!(want.keys().collect::<Vec<_>>(), have.keys().collect::<Vec<_>>(), "files differ");
    for (name, bytes) in &want {
        assert!(have.get(name) == Some(bytes), "{name} drifted: UPDATE=1 cargo test -p mesh-proto --test drift");
    }
}
