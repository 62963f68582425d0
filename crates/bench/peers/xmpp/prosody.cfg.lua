-- prosody as Debian installs it, with the archive of rooms (muc_mam) in files of its own, as they come, but: over
-- WebSocket alone, without TLS and the modules for other servers, invitations and administration; anybody is let in
-- without a password (SASL ANONYMOUS) and may make a room; nobody is slowed down, and the archive does not end after
-- 10,000 messages. A room tells nobody who comes and goes: the number of presences would grow with the square of the
-- crowd.
run_as_root = true
pidfile = "@FOLDER@/prosody.pid"
data_path = "@FOLDER@"
log = { info = "@FOLDER@/prosody.log" }

modules_enabled = {
	"disco"; "roster"; "saslauth";
	"blocklist"; "bookmarks"; "carbons"; "pep"; "private"; "smacks"; "vcard4"; "vcard_legacy";
	"csi_simple"; "ping"; "register"; "time"; "uptime"; "version"; "posix";
	"websocket";
}

http_interfaces = { "127.0.0.1" }
http_ports = { @PORT@ }
https_ports = {}
c2s_ports = {}
c2s_direct_tls_ports = {}
s2s_ports = {}

c2s_require_encryption = false
consider_websocket_secure = true
archive_expires_after = "1w"
storage_archive_item_limit = 1000000000

VirtualHost "bench"
	authentication = "anonymous"

Component "conference.bench" "muc"
	modules_enabled = { "muc_mam" }
	muc_room_locking = false
	muc_room_default_presence_broadcast = { visitor = false; participant = false; moderator = false }
