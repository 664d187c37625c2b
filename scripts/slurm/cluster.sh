# A small Slurm cluster in one folder: a controller and three nodes on the loopback device. Sourced.
#
# Nothing lies outside of $root, and nothing is read from /etc: SLURM_CONF names the only configuration.
# Works as root and as a normal user.

# Installs Slurm; fails, with a line that says why, where it cannot.
install_slurm() {
  export PATH=$PATH:/usr/sbin:/sbin
  command -v slurmctld slurmd sbatch >/dev/null && return 0
  command -v apt-get >/dev/null || { echo "there is no Slurm, and no apt-get to install it"; return 1; }
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || { echo "there is no Slurm, and installing it needs root"; return 1; }
    sudo=(sudo)
  fi
  export DEBIAN_FRONTEND=noninteractive
  if ! { timeout 120 "${sudo[@]}" apt-get update -qq &&
    timeout 300 "${sudo[@]}" apt-get install -y -qq --no-install-recommends slurm-wlm munge; } \
    >"$root/apt.log" 2>&1 </dev/null; then
    echo "there is no Slurm, and apt cannot install it: $(tail -n 1 "$root/apt.log")"
    return 1
  fi
}

# The first of five ports that nobody listens on, below those that the system gives to outgoing connections:
# one of them could be taken while its node is away.
free_ports() {
  local first port lowest
  read -r lowest _ </proc/sys/net/ipv4/ip_local_port_range || lowest=32768
  [ "$lowest" -gt 12000 ] || lowest=32768
  for _ in $(seq 50); do
    first=$((10000 + RANDOM % (lowest - 10010)))
    for port in $(seq "$first" $((first + 4))); do
      if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue 2; fi
    done
    echo "$first"
    return 0
  done
  return 1
}

# Writes slurm.conf. Names of nodes are not names of hosts: every slurmd is told its own by -N.
configure_cluster() {
  local ports host user node
  ports=$(free_ports)
  host=$(hostname -s)
  user=$(id -un)
  mkdir -p "$root"/{state,run,log}
  export SLURM_CONF=$root/slurm.conf
  cat >"$SLURM_CONF" <<CONF
ClusterName=dsxtest
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$ports
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/none
AuthInfo=cred_expire=5
CredType=cred/none
StateSaveLocation=$root/state
SlurmdSpoolDir=$root/run/spool.%n
SlurmctldPidFile=$root/run/slurmctld.pid
SlurmdPidFile=$root/run/slurmd.%n.pid
SlurmctldLogFile=$root/log/slurmctld.log
SlurmdLogFile=$root/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=10000
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MailProg=/bin/true
ReturnToService=2
SlurmdTimeout=6
SlurmctldTimeout=10
MessageTimeout=5
KillWait=2
MinJobAge=86400
JobRequeue=1
MaxArraySize=$max_array_size
CONF
  for node in 1 2 3; do
    echo "NodeName=n$node NodeHostname=$host NodeAddr=127.0.0.1 Port=$((ports + node))" \
      "CPUs=2 RealMemory=2000 State=UNKNOWN" >>"$SLURM_CONF"
  done
  echo "PartitionName=main Nodes=n[1-3] Default=YES MaxTime=INFINITE State=UP" >>"$SLURM_CONF"
}

start_controller() { slurmctld "$@" >>"$root/log/start.log" 2>&1; }
start_node() { slurmd -N "$1" >>"$root/log/start.log" 2>&1; }
pid_of() { cat "$root/run/$1.pid" 2>/dev/null; }

# Waits until so many nodes can take tasks.
wait_for_nodes() {
  for _ in $(seq 600); do
    local ready
    ready=$(sinfo -h -t idle,mix,alloc -o %D 2>/dev/null | paste -sd+ | bc 2>/dev/null || true)
    [ "${ready:-0}" -ge "$1" ] && return 0
    sleep 0.1
  done
  echo "the cluster has not started:" >&2
  tail -n 5 "$root"/log/*.log >&2
  return 1
}

start_cluster() {
  configure_cluster
  start_controller -c
  for node in n1 n2 n3; do start_node $node; done
  wait_for_nodes 3
}

# The processes that run on a node for a task: those that have its name in their environment, and their
# slurmstepd.
node_processes() {
  local file pid parent
  # Of this cluster, not of another one on the same machine.
  { grep -lzsx "SLURM_CONF=$SLURM_CONF" /proc/[0-9]*/environ || true; } |
    { xargs -r grep -lzsx "SLURMD_NODENAME=$1" || true; } | while read -r file; do
    pid=${file#/proc/}
    pid=${pid%/environ}
    echo "$pid"
    parent=$(parent_of "$pid")
    if grep -qs slurmstepd "/proc/$parent/comm"; then echo "$parent"; fi
  done | sort -u
}

parent_of() { awk '/^PPid:/ { print $2 }' "/proc/$1/status" 2>/dev/null || true; }
is_running() { grep -qsE '^State:\s+[^ZX]' "/proc/$1/status"; }

# As if the machine had lost its power.
lose_node() {
  local processes
  kill -9 "$(pid_of "slurmd.$1")"
  processes=$(node_processes "$1")
  [ -z "$processes" ] || kill -9 $processes 2>/dev/null || true
}

# Ends everything that was started, and nothing else.
stop_cluster() {
  [ -n "${SLURM_CONF:-}" ] || return 0
  scancel --quiet --user "$(id -un)" 2>/dev/null || true
  timeout 10 scontrol shutdown >/dev/null 2>&1 || true
  local node pid
  for node in n1 n2 n3; do
    for pid in $(node_processes $node); do kill -9 "$pid" 2>/dev/null || true; done
  done
  for pid in $(cat "$root"/run/*.pid 2>/dev/null); do
    for _ in $(seq 30); do
      is_running "$pid" || break
      sleep 0.1
    done
    ! is_running "$pid" || kill -9 "$pid" 2>/dev/null || true
  done
}
