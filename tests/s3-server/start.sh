#!/usr/bin/env bash
# start.sh FOLDER [--until-eof] [--port N]
#
# A throw-away S3 service on the loopback address: Ceph's radosgw over one monitor and one storage daemon that keeps everything in
# memory. All its files are in FOLDER, which must be empty or missing; several may run at once, each in a folder of its own.
# Prints one line, `S3 ENDPOINT ACCESSKEY SECRETKEY` (path style, region us-east-1), when it answers.
#
#   without --until-eof   it runs on; stop.sh FOLDER ends it
#   with --until-eof      waits for the end of its input, ends the service and removes FOLDER: so it goes with whoever holds the other
#                         end of the pipe, however that ends
#
# Needs the Debian packages radosgw, ceph-mon, ceph-osd and ceph-common (without what they recommend).
set -eu -o pipefail

usage() { echo "start.sh FOLDER [--until-eof] [--port N]" >&2; exit 2; }
[ $# -ge 1 ] || usage
folder=$1 until_eof=0 port_wanted=
shift
while [ $# != 0 ]; do
    case $1 in
        --until-eof) until_eof=1; shift ;;
        --port) port_wanted=${2:?}; shift 2 ;;
        *) usage ;;
    esac
done

# In a session of its own, so that a signal for the caller's whole group, SIGKILL too, does not take away the one who ends the service.
if [ $until_eof = 1 ] && [ -z "${S3_SERVER_SESSION:-}" ]; then
    S3_SERVER_SESSION=1 exec setsid --wait "${BASH_SOURCE[0]}" "$folder" --until-eof ${port_wanted:+--port "$port_wanted"}
fi

export PATH="$PATH:/usr/sbin:/sbin"
for program in radosgw radosgw-admin ceph-mon ceph-osd ceph ceph-authtool monmaptool curl; do
    command -v "$program" > /dev/null || { echo "'$program' is missing: install radosgw, ceph-mon, ceph-osd, ceph-common and curl." >&2; exit 3; }
done

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -z "$(ls -A "$folder")" ] || { echo "$folder is not empty." >&2; exit 2; }
cd "$folder"

random_id() { cat /proc/sys/kernel/random/uuid; }
access_key=TEST$(random_id | tr -d - | cut -c 1-16 | tr a-f A-F)
secret_key=$(random_id | tr -d -)

is_free() { ! (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# Three neighbouring ports below those that the system gives to clients; taken by chance, so that servers started at once do not meet.
choose_port() {
    local port
    while true; do
        port=$(( 12000 + $(od -An -N2 -tu2 /dev/urandom) % 19000 ))
        is_free $port && is_free $((port + 1)) && is_free $((port + 2)) && { echo $port; return; }
    done
}

end_service() {
    "$here/stop.sh" "$folder" || true
}

# Daemons must hold neither our pipes nor our terminal.
daemon() {
    local name=$1
    shift
    setsid "$@" < /dev/null > "log/$name.out" 2>&1 &
    echo $! > "run/$name.pid"
    disown
}

is_alive() { kill -0 "$(cat "run/$1.pid")" 2> /dev/null; }

# wait_for DAEMON COMMAND...: until the command succeeds; fails when the daemon has ended, or after a minute.
wait_for() {
    local name=$1 i
    shift
    for ((i = 0; i < 600; i++)); do
        "$@" > /dev/null 2>&1 && return 0
        is_alive "$name" || return 1
        sleep 0.1
    done
    return 1
}

configure() {
    local fsid=$1 port=$2 addresses="[v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]"
    cat > ceph.conf << CONF
[global]
fsid = $fsid
mon_host = $addresses
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
auth_allow_insecure_global_id_reclaim = true
mon_data_avail_warn = 1
mon_data_avail_crit = 1
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
osd_pool_default_pg_autoscale_mode = off
mon_max_pg_per_osd = 1000
# Pools are made one after the other, each a round of the monitor's: the default waits a second for company.
paxos_propose_interval = 0.02
paxos_min_wait = 0.01
mon_tick_interval = 1
run_dir = $folder/run
log_file = $folder/log/\$name.log
mon_cluster_log_file = $folder/log/cluster.log
admin_socket = $folder/run/\$name.\$pid.asok
pid_file =
keyring = $folder/keyring
ms_bind_ipv6 = false
public_network = 127.0.0.0/8
cluster_network = 127.0.0.0/8
[mon.a]
mon_data = $folder/mon
[osd]
osd_objectstore = memstore
memstore_device_bytes = 8589934592
osd_data = $folder/osd
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw_dynamic_resharding = false
rgw_enable_usage_log = false
rgw_enable_quota_threads = false
rgw_enable_gc_threads = false
rgw_enable_lc_threads = false
debug_rgw = 0
CONF
    addresses_of_monitor=$addresses
}

# Starts everything on chosen ports; fails when a port was taken in between or a daemon did not come up.
attempt() {
    local fsid osd_id conf port
    port=$1 fsid=$(random_id) osd_id=$(random_id) conf="-c $folder/ceph.conf"
    mkdir -p run log mon osd
    configure "$fsid" "$port"
    ceph-authtool -C keyring -g -n mon. --cap mon 'allow *'
    ceph-authtool keyring -g -n client.admin --cap mon 'allow *' --cap osd 'allow *'
    ceph-authtool keyring -g -n client.rgw --cap mon 'allow rwx' --cap osd 'allow rwx'
    ceph-authtool keyring -g -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
    monmaptool --create --clobber --fsid "$fsid" --addv a "$addresses_of_monitor" monmap
    ceph-mon --mkfs -i a --monmap monmap --keyring keyring $conf || return 1
    daemon mon ceph-mon -f -i a $conf
    wait_for mon timeout 20 ceph $conf osd new "$osd_id" || return 1
    ceph-osd --mkfs -i 0 --osd-uuid "$osd_id" $conf || return 1
    daemon osd ceph-osd -f -i 0 $conf
    wait_for osd osd_is_up "$conf" || return 1
    # The user first: whoever comes first makes the pools, and radosgw then finds all.
    timeout 60 radosgw-admin $conf -n client.rgw user create --uid=test --display-name=test --access-key="$access_key" --secret-key="$secret_key" || return 1
    daemon rgw radosgw -f -n client.rgw $conf
    wait_for rgw curl -s --noproxy '*' -o /dev/null "http://127.0.0.1:$port/" || return 1
    is_alive rgw
}

osd_is_up() { timeout 20 ceph $1 osd stat | grep -q '1 up'; }

trap end_service EXIT
trap 'exit 130' INT TERM HUP
for ((try = 1; ; try++)); do
    port=${port_wanted:-$(choose_port)}
    attempt "$port" > start.log 2>&1 && break
    tail -n 5 start.log log/*.out 2> /dev/null >&2 || true
    end_service
    [ $try -lt 3 ] || { echo "The S3 service did not start." >&2; exit 1; }
    mkdir -p "$folder"
    cd "$folder"
done

echo "S3 http://127.0.0.1:$port $access_key $secret_key"
if [ $until_eof = 1 ]; then
    cat > /dev/null || true
else
    trap - EXIT
fi
