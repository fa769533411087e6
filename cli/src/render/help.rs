//! Help texts: what it does, examples, then the rest. At most 80 columns.

/// Shown by bare `meshctl` and by `meshctl --help`.
pub(crate) const TOP: &str = "\
meshctl finds where on the path a connection breaks, says how that is known, and
changes nothing.

  meshctl diagnose https://api.example.com/health
  meshctl diagnose db.example.com:5432 --vantage node/a=10.0.0.7:7443
  meshctl demo path-mtu
  meshctl explain 504

Find   diagnose   where does a connection break, and how is that known
       probe      one measurement from many places, without a verdict
       explain    the runbook page of a cause, a boundary or a symptom
Keep   runs       list, show, compare and replay what was asked before
Look   vantages   where can be asked from, and what each place can do
       doctor     what works here: rights, kernel, resolver, clock
Mesh   login      join a mesh, with a token
       token      make tokens with which probers and people join
       members    who belongs to the mesh
       revoke     shut a member out
       up         a coordinator and a prober on this host, for trying it
Try    demo       a small network with a real fault, diagnosed

Every command takes
      --coordinator HOST:PORT   ask through this coordinator's mesh, or none;
                       usual: $MESHCTL_COORDINATOR
  -o, --output FORM    text, json, jsonl or md; json is always one document
      --fail-on WHAT   failing (usual), degraded or never: when to exit with 1
      --color WHEN     auto, always or never
      --ascii          seven-bit output
      --ci             progress as lines, never redrawn
  -q, --quiet          no progress on stderr
  -v, --verbose        everything, not only what the verdict cites
  -h, --help           what a command takes
  -V, --version

Exit: 0 healthy  1 failing  2 usage  3 unknown  4 could not run  130 interrupted
";

pub(crate) const DIAGNOSE: &str = "  \
  meshctl diagnose https://api.example.com/health
  meshctl diagnose http://upload.lab:8080/ --body 64KiB --from client,pod-a1
  meshctl diagnose -- curl -X POST https://api.example.com/v1 -d @body.json
  meshctl diagnose https://api.example.com/ --for 10m --until failing
  meshctl diagnose --resume 7kq2m5fh --from ext/fra1

A bare name means https on port 443; HOST:PORT means TCP. Schemes: http, https,
tcp, tls, dns, grpc. Without --vantage this host alone is asked from.";

pub(crate) const PROBE: &str = "  \
  meshctl probe http https://api.example.com/ --count 100 --every 200ms
  meshctl probe dns api.example.com --server 10.96.0.10
  meshctl probe pmtu 10.0.0.7 --from client,node-a

A name is resolved once, and every place is asked about the same address.";

pub(crate) const VANTAGES: &str = "  \
  meshctl vantages
  meshctl vantages --vantage node/a=10.0.0.7:7443
  meshctl vantages -o json";

pub(crate) const RUNS: &str = "  \
  meshctl runs
  meshctl runs show 7kq2m5fh -o md
  meshctl runs diff 7kq2m5fh 5fh8c2d1

A run is its bundle, a file; wherever a run is named, a file may be. Nothing is
sent to a target; with --coordinator the runs of its mesh are read. The newest
500 runs are kept, of at most 1 GiB. diff exits with 1 when the verdicts differ;
replay judges the evidence again; export overwrites nothing.";

pub(crate) const EXPLAIN: &str = "  \
  meshctl explain
  meshctl explain path-mtu/blackhole
  meshctl explain refused";

pub(crate) const DOCTOR: &str = "  \
  meshctl doctor
  meshctl doctor -o json
  meshctl doctor --runs-dir /var/tmp/runs

Exits with 1 when something is broken; what is merely missing is marked `?`.";

pub(crate) const LOGIN: &str = "  \
  meshctl login --coordinator mesh.example.com:7443 --token-file -
  meshctl login --coordinator mesh.example.com:7443 --token-file t --name oncall

The key is made here and stays here; what comes back is its certificate.";

pub(crate) const TOKEN: &str = "  \
  meshctl token create --coordinator mesh.example.com:7443 \\
    --role prober --name host/web-1
  meshctl token create --role viewer --name oncall --ttl 1h

A token is shown once, and is good for one use.";

pub(crate) const MEMBERS: &str = "  \
  meshctl members --coordinator mesh.example.com:7443
  meshctl members -o json";

pub(crate) const REVOKE: &str = "  \
  meshctl revoke host/web-1 --coordinator mesh.example.com:7443
  meshctl revoke operator/oncall

Its connections are closed. It can join again with a new token.";

pub(crate) const UP: &str = "  \
  meshctl up
  meshctl up --listen 127.0.0.1:7443
  meshctl up --name host/web-1 --allow 10.0.0.0/8

Stays until Ctrl-C. You are logged in by it: what it prints works at once, in
another terminal. The next start goes on with the same mesh.";

pub(crate) const DEMO: &str = "  \
  meshctl demo
  meshctl demo path-mtu
  meshctl demo path-mtu -o json

Needs no root where users may make namespaces. Leaves nothing behind.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_fits_eighty_columns_and_seven_bits() {
        for text in [TOP, DIAGNOSE, PROBE, VANTAGES, RUNS, EXPLAIN, DOCTOR, DEMO, LOGIN, TOKEN, MEMBERS, REVOKE, UP] {
            for line in text.lines() {
                assert!(line.len() <= 80 && line.is_ascii(), "{line}");
            }
        }
    }
}
