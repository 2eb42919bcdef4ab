"""Every limit of the server, with its unit and its reason. Units come last in the names."""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

# --- what one request may hold --------------------------------------------------------------------
# The contract's limit, counted in bytes of UTF-8 after JSON decoding.
LOG_BYTES_MAX: Final = 10 * MIB
# JSON may write one byte of a log as six (`\u001b`, the first byte of every colour code), so a log that the
# contract allows can fill six times its size; the rest is room for the other fields. Unpacking stops here as
# well.
BODY_BYTES_MAX: Final = 6 * LOG_BYTES_MAX + MIB
# No other field has more than 2,048 characters (a URL), and JSON writes a character with at most twelve bytes
# (two escapes, for an emoji). A longer one is refused before it becomes a string.
FIELD_JSON_BYTES_MAX: Final = 12 * 2048 + 2
# What is asked of the web server at once. Large enough that 10 MiB take under a hundred calls, small enough
# that an endless body is noticed early.
READ_BYTES: Final = 128 * KIB
# A zstd frame may ask its reader for a window of gigabytes; 8 MiB is what the format's specification (RFC
# 8878, section 3.1.1.1.2) asks every reader to support.
ZSTD_WINDOW_BYTES_MAX: Final = 8 * MIB
# The log's JSON text is decoded in pieces of this size: one emoji makes a Python string four bytes a
# character, and this way only one piece at a time is so wide.
DECODE_PIECE_BYTES: Final = MIB

# --- what all requests together may hold ----------------------------------------------------------
# Bodies that are being read or wait for the engine. Together with the engine's own copies (some six times a
# log, for no more than ENGINES logs) it bounds the memory.
IN_FLIGHT_BYTES_MAX: Final = 256 * MIB
# How long a request waits for its share before it is told to come back: short enough that a load balancer
# does not give up first, long enough to ride out a burst.
IN_FLIGHT_WAIT_S_MAX: Final = 10.0
# A share grows by this much at a time.
IN_FLIGHT_STEP_BYTES: Final = MIB
# Processes that analyse, one log at a time each. Each keeps a core busy while it does: more than cores would only
# fill memory.
ENGINES: Final = 2
ENGINES_MAX: Final = 64
# Compiling the patterns takes two to five seconds of an idle core, where no cache of them can be kept.
ENGINE_START_S_MAX: Final = 60.0
# A request with its log in hand waits this long for the engine. This, the wait above and COMMIT_WAIT_S_MAX
# together stay under STALLED_WINDOW_S: a request that is being served must not look like a stalled one.
ENGINE_WAIT_S_MAX: Final = 20.0
# One analysis; the largest log of the slowest kind takes a second or two. With the waits it stays under
# STALLED_WINDOW_S.
ENGINE_S_MAX: Final = 10.0
# Sent with 503.
RETRY_AFTER_S: Final = 2

# --- the web server -------------------------------------------------------------------------------
# Threads that run requests; reading a body and waiting for the disk block a thread, the engine blocks a core.
THREADS: Final = 32
THREADS_MAX: Final = 256
# Open connections; the ones over it wait in the kernel's queue.
CONNECTIONS_MAX: Final = 1024
# Time to send the head of a request; also how long a kept connection may be idle, since the next head may come.
HEADER_READ_MS_MAX: Final = 30_000
# A connection on which the server has sent nothing for this long must have delivered STALLED_BYTES_MIN
# meanwhile.
STALLED_WINDOW_S: Final = 60.0
# 1 KiB/s: no line that a build runs behind is slower.
STALLED_BYTES_MIN: Final = 60 * KIB
# While the server is stopping, uploads get less patience.
STALLED_WINDOW_STOPPING_S: Final = 10.0
# How often connections are looked at.
STALLED_SCAN_S: Final = 2.0
# A signal that came at an unlucky moment is noticed after this long.
SIGNAL_SCAN_S: Final = 0.5
# Accepted work is finished first when the server is told to stop, but not for ever.
SHUTDOWN_S_MAX: Final = 30.0

# --- rate -----------------------------------------------------------------------------------------
# The contract's default, for each tenant and endpoint; 0 turns it off.
INGEST_RATE_PER_MINUTE: Final = 60
# Redis answers within a millisecond; a request waits no longer for one that does not.
REDIS_MS_MAX: Final = 500
# While Redis is away it is asked this often, not by every request.
REDIS_RETRY_S: Final = 2.0

# --- storage --------------------------------------------------------------------------------------
# Writes that share one commit. A commit costs one fsync however many it holds; the bound keeps the wait
# short.
GROUP_COMMIT_JOBS_MAX: Final = 256
# Writes that wait for the writer: more than there can be threads.
WRITE_QUEUE_JOBS_MAX: Final = 1024
# How long a request waits for its commit before it is told that the database is away.
COMMIT_WAIT_S_MAX: Final = 15.0
# How long SQLite waits for another process's lock (`token create` beside a running server).
SQLITE_BUSY_MS_MAX: Final = 5_000
# Connections of one process to PostgreSQL, whose default is to take a hundred of all together.
DATABASE_CONNECTIONS: Final = 16
# A database host that does not answer to a connection.
DATABASE_CONNECT_S_MAX: Final = 5
# One statement of a request. Every query of the server is along an index; one that takes longer is a fault,
# and must not hold a connection that others wait for.
STATEMENT_MS_MAX: Final = 5_000
# A write waits no longer for another one's rows.
LOCK_MS_MAX: Final = 4_000
# A transaction whose process has stopped half-way must not hold its locks.
IDLE_IN_TRANSACTION_MS_MAX: Final = 30_000
# A write that meets another one (a deadlock, the same new row) is done again so often.
WRITE_TRIES_MAX: Final = 5
# A token's last use is written at most this often: it is shown to people, and a write a request would be
# waste.
TOKEN_TOUCH_S_MIN: Final = 60

# --- what is stored of an analysis (contract, "Reading") ------------------------------------------
ROOT_CAUSE_CHARACTERS_MAX: Final = 2_000
EXPLANATION_CHARACTERS_MAX: Final = 8_000
FIX_CHARACTERS_MAX: Final = 4_000
HINT_CHARACTERS_MAX: Final = 2_000
# "The few failing lines": the engine's own limits, held here once more because what is stored is a promise.
EVIDENCE_LINES_MAX: Final = 20
EVIDENCE_LINE_CHARACTERS_MAX: Final = 500
# The engine has some dozen terms of a score, of a few words each.
REASONS_MAX: Final = 32
REASON_CHARACTERS_MAX: Final = 64
# The columns' sizes; the engine's values are far shorter.
FINGERPRINT_CHARACTERS_MAX: Final = 128
TOOL_CHARACTERS_MAX: Final = 64

# --- credentials ----------------------------------------------------------------------------------
TOKENS_ACTIVE_FREE_MAX: Final = 3
TOKEN_NAME_CHARACTERS_MAX: Final = 128
TENANT_NAME_CHARACTERS_MAX: Final = 128
# RFC 5321, section 4.5.3.1.3: a path of 256 octets with its brackets.
EMAIL_CHARACTERS_MAX: Final = 254
# argon2 reads all of it; nobody's password is longer.
PASSWORD_BYTES_MAX: Final = 1_024
# What people choose on a page (NIST SP 800-63B, 5.1.1.2); an operator at the command line knows what to do.
PASSWORD_NEW_CHARACTERS_MIN: Final = 8
# A link that lets somebody in waits for a person to come back from a weekend; one for a new password does not.
INVITATION_S_MAX: Final = 7 * 24 * 3_600
PASSWORD_LINK_S_MAX: Final = 24 * 3_600
# Unused links of a tenant: more than one sends out in a week.
INVITATIONS_MAX: Final = 50
# What is kept of the program that began a session.
CLIENT_CHARACTERS_MAX: Final = 64

# --- sessions -------------------------------------------------------------------------------------
# A browser's session ends after this long whatever it is used for, and earlier when nobody uses it.
SESSION_S_MAX: Final = 7 * 24 * 3_600
SESSION_IDLE_S_MAX: Final = 24 * 3_600
# A session's last use is written at most this often.
SESSION_TOUCH_S_MIN: Final = 300
# The bearer token that a login gives (contract).
ACCESS_TOKEN_S_MAX: Final = 3_600
# Tries to log in from one client address (contract).
LOGIN_TRIES_PER_HOUR: Final = 30
# A check of a password takes 64 MiB and a good part of a core for tens of milliseconds.
PASSWORD_CHECKS_AT_ONCE_MAX: Final = 2
PASSWORD_WAIT_S_MAX: Final = 10.0
# A body that is no log: a login, a token.
SMALL_BODY_BYTES_MAX: Final = 64 * KIB

# --- reading --------------------------------------------------------------------------------------
PAGE_ROWS: Final = 100
PAGE_ROWS_MAX: Final = 500
WINDOW_DAYS_MAX: Final = 365
FILTER_CHARACTERS_MAX: Final = 512
CURSOR_CHARACTERS_MAX: Final = 128
# The legacy list (contract).
LEGACY_PAGE_ROWS: Final = 25
LEGACY_PAGE_ROWS_MAX: Final = 100
# A whole number that every database takes.
OFFSET_MAX: Final = 2**31 - 1
STATS_DAYS: Final = 30
STATS_DAYS_MAX: Final = 180
TOP_ROWS: Final = 10
TOP_ROWS_MAX: Final = 50
BADGES_MAX: Final = 200

# --- pages ----------------------------------------------------------------------------------------
# Rows of a page of the dashboard: some 60 KB of HTML.
BROWSE_ROWS: Final = 25
# Rows that a search with several conditions looks at before it shows what it has, and offers to go on: some five
# milliseconds where they are in memory.
BROWSE_EXAMINED_MAX: Final = 2_000
# A filter that fewer analyses fit than this is rare, and its index is walked rather than a frequent one's.
FEW_ROWS: Final = 1_000
# Clusters whose cause holds a text that is searched for: the newest of them.
BROWSE_CLUSTERS_MAX: Final = 40
CLUSTERS_SEARCHED_MAX: Final = 10_000
PROJECTS_SEARCHED_MAX: Final = 2_000
# Days that the dashboard draws.
BROWSE_DAYS: Final = 30
BROWSE_DAYS_MAX: Final = 90
BROWSE_TOP_ROWS: Final = 8
# Of each list of what a filter can be set to; and clusters that are told of as new or back.
CHOICES_MAX: Final = 200
NOVELTIES_ROWS: Final = 6
# Earlier runs with the same cause beside an analysis.
EARLIER_ROWS: Final = 8
SEARCH_CHARACTERS_MAX: Final = 200
# "99+ new analyses".
NEWS_MAX: Final = 99

# --- deliveries -----------------------------------------------------------------------------------
# Deliveries that one worker sends at once, and of them to one receiver: a slow one holds up no other.
WORKER_THREADS: Final = 8
WORKER_THREADS_MAX: Final = 64
DELIVERIES_TO_ONE_MAX: Final = 2
# How often a worker looks for what is due.
WORKER_POLL_S: Final = 0.5
# An attempt, from the name's resolution to the answer's status.
DELIVERY_S_MAX: Final = 10.0
# A worker that died is noticed after this long, and its deliveries are sent by another. Far longer than an
# attempt, so that no two workers send one delivery.
DELIVERY_LEASE_S: Final = 60
# The contract's waits before the further attempts of a delivery.
DELIVERY_RETRY_S: Final = (30, 60, 120, 240, 480, 900)
# Failed attempts in a row, of whichever deliveries, that disable a receiver (contract).
FAILURES_IN_A_ROW_MAX: Final = 10
WEBHOOKS_MAX: Final = 25
CHANNELS_MAX: Final = 25
RECEIVER_NAME_CHARACTERS_MAX: Final = 128
RECEIVER_URL_CHARACTERS_MAX: Final = 2_048
# A message through a messenger; some services ask twice (Matrix joins its room first). Like an attempt, it
# stays far under the lease.
MESSAGE_S_MAX: Final = 20.0
MESSAGE_TITLE_CHARACTERS_MAX: Final = 250
MESSAGE_CHARACTERS_MAX: Final = 2_000
MESSAGE_EVIDENCE_LINES_MAX: Final = 5
# Attempts that are kept of a receiver, for people to see why nothing arrives.
ATTEMPTS_KEPT_MAX: Final = 25
# What is kept of why a delivery failed.
DELIVERY_ERROR_CHARACTERS_MAX: Final = 300

# --- keeping --------------------------------------------------------------------------------------
RETENTION_DAYS: Final = 365
# Analyses that one transaction deletes: an ingest waits behind it for some tens of milliseconds
# (docs/reference/sizing.md has the rate).
RETENTION_ROWS: Final = 50
# Between two of them.
RETENTION_PAUSE_S: Final = 0.05
# How often a worker looks for what is too old.
RETENTION_EVERY_S: Final = 3_600.0
# Rows that `backup` and `restore` hold in memory at once.
COPY_ROWS: Final = 1_000

# --- logs of the server ---------------------------------------------------------------------------
# Lines that wait to be written. A reader that stopped reading (a full pipe) costs lines, which are counted,
# and never a request.
SERVER_LOG_LINES_MAX: Final = 10_000
# A line waits this long for others that are written with it.
SERVER_LOG_WAIT_S: Final = 0.02
