"""What the words of a failure mean, in tables that are read in order: for tools of which nothing else is known.

``MEANINGS`` beats the vague purposes of a command (a test, a check, a build); ``HINTS`` is read when neither they nor
the command say better. Both are searched in the cause line first, then in the lines behind it.
"""

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.word_tables import Table

ASSERTED = late(
    r"(?i)\bexpected\b.{1,200}\b(?:got|was|received|given|actual(?:ly)?|but)\b|\bgot\b.{1,120}\bwant(?:ed)?\b"
    r"|\bwant(?:ed)?\b.{1,120}\b(?:got|have|given)\b"
    r"|\bexpected,.{1,60}\b(?:given|got|received)\b|, want(?:ed)? \S{1,60}$"
    r"|\bassert(?:ion)?(?:_\w+|s)?\b.{0,120}\bfailed|\bAssertion\w*Error\b|\bexpect\(|\bto (?:deeply )?equal\b"
    r"|\b(?:Mismatch|Comparison|Expectation)\w*(?:Error|Failure|Exception)\b"
    r"|\b(?:CHECK|REQUIRE|EXPECT|ASSERT)(?:_\w+)?\("
)
"""A comparison that came out otherwise: a test's words, whatever else stands in them."""
TEST_MARK = late(
    r"^\W*(?:not ok \d|--- FAIL\b|(?:[Ss]cenario|[Tt]est|[Ss]pec|[Cc]ase)\b.{1,160}\b(?:FAIL(?:ED)?|failed|BROKEN)\b"
    r"|(?:FAIL(?:ED|URE)?|ERROR)\W.{0,120}(?:\b[Tt]est|_test\b|[a-z]Test\b|\b[Ss]pec|_spec\b))"
)
"""The mark of a test runner before the name of what says itself that it is a test."""
NOT_ASSERTED = late(
    r"(?i)\bversions?\b|\bcoverage\b|licen[cs]e|\b(?:hash|checksum|digest|integrity)(?: \w+)? mismatch|\bv?\d+\.\d+\.\d+\b.{0,60}\bv?\d+\.\d+\.\d+\b|\bexpected (?:of )?type\b"
    r"|\bexpression was expected"
    r"|expected ['\"`\u2018].{1,20}['\"`\u2019],? (?:but|before|found|instead)|\bend of (?:file|input|line)\b|found newline"
    r"|^\W*(?:\w+: )?(?:syntax|parse) ?error"
)
"""Words in which a comparison is one of versions, or what a parser or compiler expected."""
COLUMN = late(r"\W*[^\s:]{1,200}\.\w{1,8}:\d+:\d+\b(?!.{0,20}[Tt]est)")
"""A line and a column in a file: what was expected there, a parser or a compiler says."""
LICENSED = late(
    r"(?i)\b(?:A|L|S|SS)?GPL-?v?\d?.{0,60}\b(?:denied|forbidden|refused|rejected|not allowed)\b"
    r"|licen[cs]e.{0,60}\bdenied\b|\b(?:denied|forbidden|disallowed|rejected) licen[cs]e"
)
"""A licence that is denied, not a person."""
ASSERTED_BELOW = late(
    r"(?im)^\W*(?:expected|actual|got|have|want(?:ed)?|received|printed|instead of|found|left|right)\b\W*:"
)
"""The same over two lines."""

MEANINGS = Table(
    ("infra.runner", r"(?i)\b(?:port|address)\b.{0,40}\b(?:in use|taken|occupied)\b"),
    ("container.pull", r"(?i)\bmanifest unknown\b|pull access denied|\bErrImagePull\b|\bImagePullBackOff\b|\bimage ['\"`]?\S{1,200} (?:was )?not found"),
    ("vcs.push", r"(?i)failed to push\b|\bnon-fast-forward\b|\bprotected branch\b|\bpush (?:was )?(?:rejected|declined)"),
    ("publish.rejected", r"(?i)\b(?:rejected|refused|declined) the (?:package|upload|release|artifact|version)|\bupload\w*\b.{0,60}\b(?:rejected|refused|declined)"),
    ("infra.oom", r"\bMemoryError\b|OutOfMemoryError|heap out of memory|(?i:out of (?:heap|memory))"),
    ("code.test_timeout", r"(?i)\b(?:tests?|specs?|suite|case|scenario)\b.{0,80}\b(?:timed? ?out|time ?limit|took (?:more|longer) than|hung|deadline)|\b(?:timed? ?out|timeout)\b.{0,40}\b(?:in |of )?(?:tests?|specs?|suite|case)\b|\bTIMEOUT\b\W+\w*test|\btest\w*\b[ .:]+(?:TIMEOUT|took more than)"),
    ("deps.lockfile", r"(?i)lock ?file\b.{0,80}(?:out of (?:date|sync)|not up to date|outdated|frozen|needs? to be updated|do(?:es)? not match|differs?|would (?:have )?be(?:en)? modified)|\b[\w-]*[.-]lock(?:file)?\b.{0,60}(?:out of (?:date|sync)|do(?:es)? not match|not up[- ]to[- ]date|outdated|differs?)|missing go\.sum entry|\bsync (?:with )?.{0,40}\block ?file"),
    ("deps.integrity", r"(?i)(?:checksums?|hash(?:es)?|digests?|sha-?(?:1|256|512)(?:sum)?|md5(?:sum)?|integrity)\b.{0,60}(?:mismatch|differs?\b|fail|did not match|do(?:es)?(?: not|n't) match|is wrong|invalid)|(?:mismatch(?:ed)?|do(?:es)?(?: not|n't) match|wrong|bad|invalid|unexpected)\b.{0,30}\b(?:checksum|hash(?:es)?|digest)|not in gzip format|NOT match an earlier"),
    ("code.license", r"(?i)licen[cs]es?\b.{0,80}(?:not (?:allowed|permitted|approved|compatible|listed|in the)|forbidden|denied|disallowed|header|unknown|does not|policy)|(?:disallowed|forbidden|unknown|incompatible|missing|denied|unapproved) licen[cs]e|fail-on licen[cs]e|\b(?:AGPL|SSPL|GPL)-?v?\d.{0,60}(?:not allowed|denied|forbidden|policy)"),
    ("code.coverage", r"(?i)\b(?:coverage|mutation score)\b.{0,80}(?:below|less than|lower than|under|threshold|minimum|not met|does not meet|decreased|dropped|required|want(?:ed|s)|short of|<|at least)|(?:minimum|required) .{0,20}coverage|\b(?:lines|branches|functions|statements)\b.{0,30}\d ?%.{0,40}(?:short of|below|under|less than|<|want|required|at least|threshold|minimum)"),
    ("code.security_scan", r"(?i)vulnerabilit|\bCVE-\d|\bGHSA-|leaks? (?:found|detected)|secrets? (?:was |were )?(?:found|detected|leaked)|potential secret|\d secrets?\b|(?:possible|potential|probable|suspected|exposed|plain-?text) (?:\w+ )?(?:credential|secret|key|password|token)s?\b|looks like an? (?:\w+ )?(?:key|secret|password|token)\b|hard-?coded (?:\w+ )?(?:key|secret|password|token|credentials?)|\b(?:private|aws[\w ]*|api|secret|access) (?:key|token)\b.{0,40}\b(?:high|critical|found|detected|leak\w*|exposed)\b|\b(?:high|critical)\b.{0,100}\b(?:fixed in|patched in|advisory)\b|\badvisor(?:y|ies) (?:at|found|of)\b"),
    ("code.format", r"(?i)would (?:be )?reformat|\bnot (?:properly |correctly |well )?formatted\b|needs? (?:to be )?(?:re)?format(?:ted|ting)\b|\bunformatted\b|badly formatted|formatting (?:differs|issues?|errors?|check)|code style issues|incorrectly (?:sorted|formatted)|changes (?:after|by) \w*(?:fmt|format\w*)\b|should be (?:clang-)?formatted|check-formatted|differs? from (?:the )?format(?:ted|ter)"),
    ("code.link", r"(?i)undefined (?:reference|symbols?) (?:to|for)\b|unresolved external|undefined symbol\b|multiple definition of|duplicate symbol|cannot find -l|symbols? not found for|(?:symbol|reference)\b.{0,60}\b(?:cannot|could not) be (?:resolved|satisfied)|\(\.text\+0x|overflowed by \d+ bytes|will not fit in region"),
    ("code.type", r"(?i)is not assignable to|\b(?:string|number|boolean|undefined|null|int|float)\b.{0,30}\bbut\b.{0,30}\b(?:string|number|boolean|int|float)\b|(?-i:\bexpected (?:an? )?[A-Z]\w+\b.{0,24}\b(?:but|got|found|given)\b.{0,24}\b[A-Z]\w+)|is no subtype|incompatible (?:\w+ )?types?\b|has incompatible|type mismatch|mismatched types|does not exist on type|cannot be converted to|(?:argument|expression|value)\b.{0,80}\bhas type\b|\bcannot convert\b.{0,60}\bto\b|\bwrong type\b|\bno attribute\b.{0,40}\[attr|library stub|to be [A-Z]\w+, not [A-Z]"),
    ("code.syntax", r"\b(?:Syntax|Indentation|Tab|JSONParse|JSONDecode)(?:Error|Exception)\b|(?i:\bsyntax error|\bpars(?:e|er|ing) (?:error|failed)|\b(?:cannot|could not|can't|failed to|unable to) parse|unexpected (?:token|end[- ]of|eof\b|keyword|character|indent|symbol|['\"`])|\bunterminated\b|\bunclosed\b|\bopened (?:and|but) (?:not|never) closed|\bnever closed|\bunbalanced\b|\bunmatched (?:['\"`(){}\[\]]|brace|paren|quote)|missing separator|expected \S{1,20} before\b|expected ['\"`].{1,20}['\"`],? (?:but )?found|mapping values are not allowed|(?<!Prelude\.read: )\bno parse\b|(?:invalid|malformed) (?:json|yaml|toml|xml)\b|end of (?:file|input)\b|['\"`][})\]]['\"`] without)"),
    ("vcs.checkout", r"(?i)not a git repository|\bremote ref\b|\bpathspec\b|repository .{1,200}(?:not found|does not exist)|dubious ownership|\b(?:git checkout|clone|submodule)\b.{0,60}\bfailed|\bshallow (?:clone|checkout|repository)|reference is not a tree"),
    ("vcs.merge", r"(?i)\bmerge conflict|\bCONFLICT \(|\bpatch (?:failed|does not apply)|conflicts? in \S+\.\w+|\bunmerged\b"),
    ("auth.git", r"(?i)could not read (?:user|pass)|host key verification"),
    ("auth.registry", r"\bE401\b|\bENEEDAUTH\b|(?i:(?:registry|token)\b.{0,40}\bexpired)"),
    ("auth.cloud", r"(?i)unable to locate credentials|could not load (?:default )?credentials"),
    ("deps.peer", r"(?i)peer dep|\bpeer [@\w]+|unmet peer"),
    ("deps.version_conflict", r"(?i)\b(?:needs|wants|requires) ([\w@/.-]+) \S{0,20}\d.{1,80}\b(?:needs|wants|requires) \1\b|\brequire[sd]?\b.{1,120}\bbut\b.{1,120}\brequires?\b|\bversions? conflict|conflicting (?:dependenc|requirement|version|package)|have conflicting|\bsatisf(?:y|ies|ied) both|incompatible (?:dependenc|requirement|package)|\bERESOLVE\b|ResolutionImpossible|no solution found|\bdepends? on .{1,80}\bbut\b|\bcannot both\b"),
    ("deps.not_found", r"No module named|ModuleNotFound|(?i:cannot find (?:module|package|plugin|crate|gem|library)\b(?! ['\"`]?\.{0,2}/)|(?:could not|couldn't|can't|cannot|unable to) (?:find|locate) (?:a |any |the )?(?:matching )?(?:versions?|gem|package|npm package|artifact|dependency|distribution|plugin|crate|formula)\b|\bno (?:matching )?(?:package|version|module|distribution|candidate|crate|gem)s?\b.{0,20} (?:named|matching|found|called|provides?|of|satisf\w+)|\bno such (?:package|module|crate|gem)\b|there is no package|\b(?:package|dependency|plugin|artifact|gem|crate|version|formula|module) ['\"`(\w].{0,80}(?:(?:was |is |be )?not (?:found|available|registered)|does not exist|could not be found)|could not (?:be )?resolved?\b.{0,60}\b(?:dependenc|artifact|plugin|package)|dependenc\w+ could not be resolved|no required module|module version is not available|failed to select a version)"),
    ("deps.resolve", r"(?i)(?:cannot|could not|can't|failed to|unable to) (?:be )?(?:resolve|satisf)\w*\b.{0,40}\b(?:dependenc|version|requirement|constraint|package)|dependency resolution|\bresolver\b.{0,40}\bfailed"),
    ("config.tool_version", r"(?i)requires? .{0,40}\b(?:version|v?\d+\.\d|>=)|\bv?\d+(?:\.\d+)+ (?:or \w+ )?(?:is )?(?:required|needed)\b|unsupported .{0,30}version|version .{0,40}(?:too old|too new|not supported|is required|or (?:newer|higher|later|above))|\bor (?:newer|higher|later|above) (?:is|are) (?:required|needed)|(?:expected|needs?|want(?:ed)?|required) .{0,30}version|incompatible with .{0,20}version|does not support .{0,30}version|version mismatch|version\b.{0,80}\b(?:lower|older|newer|higher|less|greater) than\b|\bv?\d+(?:\.\d+)+\+? or (?:greater|newer|higher|later|above)\b|\bEBADENGINE\b|\bis (?:needed|required),? (?:but )?(?:this is|you have|found|have|got)\b|\b(?:node|python|ruby|java|go|php|rust|gcc|clang)\w* v?\d+(?:\.\d+)*(?:\.x)? (?:is|was) (?:needed|required|expected)|could not find python interpreter"),
    ("config.command_missing", r"(?i)command not found|: not found$|is not recognized as|executable file not found|(?:command|program|executable|tool|binary)\b.{0,40}(?:not found|missing|is not installed)|\bis not installed\b|not (?:found )?(?:in|on) (?:the |your )?\$?PATH\b|\bnot on this machine\b|make: [\w.-]+: No such file or directory"),
    ("code.migration", r"(?i)\bmigrations?\b.{0,60}(?:fail|pending|missing|not applied|conflict|checksum|mismatch|unapplied|error)|(?:pending|missing|unapplied|failed) migrations?|^migrations? for\b|relation \"[^\"]+\" (?:does not exist|already exists)|no such (?:table|column)|unknown column|duplicate column|schema (?:drift|mismatch|version)|table \S+ already exists|\b(?:NOT NULL|UNIQUE|FOREIGN KEY) constraint failed"),
    ("config.ci_syntax", r"(?i)\b(?:job|stage)\b.{0,60}\bneeds?\b.{0,60}\bno job|\b(?:pipeline|workflow)s?\b.{0,40}\b(?:is not valid|is invalid|unknown (?:key|job|stage))"),
)  # fmt: skip
"""Words that say by themselves what kind of thing went wrong, although not who said it."""

HINTS = Table(
    ("config.build_script", r"(?i)\bno such (?:task|target|command|option|recipe|script|rule|job)\b|\bno rule to make"),
    ("network.http", r"(?i)\b(?:HTTP|status|code|error|returned|answer\w*)\W{0,9}(?:code\W{0,2})?4\d\d\b|\b(?:404 (?:file )?not found)|\bresponse\W{1,5}4\d\d"),
    ("code.compile", r"error\[E\d+\]|cannot find symbol|error TS[12]\d\d\d:|(?i:\bundeclared\b|was not declared|has no member\b|\bimported and not used|declared (?:and|but) not used|too (?:many|few) arguments|\bis unbound\b|\bundefined: \w|unknown (?:symbol|identifier|type name)|\bnot in scope|no matching function|symbol\b.{0,60}\b(?:is )?unknown|import cycle|is not exported by|(?:can't|could not|failed to) resolve ['\"`]\.|\bmodule not found|does not name a type|fatal error: .{1,160}: no such file|\bhas no IMPLICIT|lifetime specifier|cannot be made by|\" is not defined\.)"),
    ("code.runtime_crash", r"^\W*(?:[\w.$]+\.)?[A-Z]\w*(?:Error|Exception)(?::|$)|[Ss]egmentation fault|SegFault|core dumped|\bpanic(?:ked)?\b|Sanitizer:"),
    ("code.test", r"(?i)\b(?:failed|failing|broken) (?:case|test|scenario|example|step|spec)s?\b|\b(?:case|test|scenario|example|step|spec|suite|benchmark|snapshot|contract)s?\b.{0,80}\b(?:broken?|broke|fail\w*|came out|wrong|not ok|ng\b|slower|no longer|violated)|\bnot ok\b|\boutputs? differ|\bcase\b.{0,80}\bdiffer|\bpixels? differ|\bregress(?:ed|ion)\b|\bslower\b|must be at least|\bp9\d\b|\bVIOLATED\b|\bBROKEN\b|\bgolden\b|came out wrong|instead of\b|over the limit|\d+ of \d+ (?:tests?|scenarios?|steps?|examples?|cases?|checks?)\b|still reproduces|\btests?/|\b[\w/]*_?tests?\.\w{1,4}:\d|\bspec/|failed \d+ times|\| FAIL \||is not \d|Test\w*::?\w|::test|: Failure$|\bis NOT correct|\bTests? #\d"),
    ("code.lint", r"(?i)quality gate|out[- ]of[- ]date\b|\bstale\b|not up[- ]to[- ]date|uncommitted changes|working (?:tree|directory) (?:is )?(?:dirty|not clean)|changed during the build|(?:run|re-?run|execute) .{0,80}\bcommit\b|needs? to be (?:re-?generated|updated)|please (?:run|regenerate|commit|remove|replace|rename|sort|reword)|differs? from what the generator|\bunused\b|(?:line|name|function|file) (?:is )?too long|trailing (?:white)?space|(?:broken|dead) links?|(?:target|anchor) not found|unknown word|\btypos?\b|misspell|\balphabetical(?:ly)?\b|\bnot sorted\b|\bduplicate (?:entr|link|url)|\bis (?:forbidden|banned|prohibited|disallowed|discouraged)\b|\bnot allowed here\b|not allowed to import|must not (?:know|import|depend|use)|\b(?:subject|header|title|body|name|field)\b.{0,40}\b(?:must|may not|should)\b|no accessible name|\bcircular\b|\bis deprecated\b|\bnever (?:used|read)\b|\bsuggestion:|\bover (?:its|the) budget|exceeds? (?:the )?(?:size|budget)|\b(?:too many|with \d+) warnings|\bwarnings?\b.{0,30}\ballowed|has no (?:entry|owner|alternative|accessible|digest)|\bno owner\b|missing (?:copyright|licence|license|header|docstring|translation|keys?\b|\d+ keys?)|unknown d(?:ocument|irective)|\w['\"]? (?:->|==>) ['\"]?\w|\bwarning: .{0,160}\[-W|\bTODOs?\b"),
    ("code.lint", r"(?:^|[\s(\[])[A-Z]{1,4}-?\d{2,5}\b(?:[ :)\]]|$)|[(\[][a-z]+(?:[-/][a-z0-9]+)+\b[)\]]?|\s{2,}[@a-z/]+(?:-[a-z0-9]+)+$|\blint/\w|\b[A-Z]\w+/[A-Z]\w+:"),
    ("code.runtime_crash", r"[Ss]egmentation fault|SegFault|core dumped|Traceback|\b[Uu]n(?:caught|handled)\b|\bpanic(?:ked)?\b|Sanitizer|\bnil pointer|null pointer|NullPointer|[Ss]tack overflow|undefined (?:local variable|method)|Error in \w+|object '[^']+' not found|\b[A-Z]\w*(?:Error|Exception|Problem|Fault)\b(?::| \[|\b in\b)|Fatal error:|too many open files|division by zero|\bcrash(?:ed|es)?\b|\bsignal (?:6|8|11)\b|\bSIG(?:SEGV|ABRT|BUS|FPE)\b| at \S+\.p[lm] line \d|\+0x[0-9a-f]+$|(?i:deadlock)"),
    ("config.path", r"(?i)no such file or directory|file not found|(?:file|path|directory|folder) .{0,80}(?:does not exist|doesn't exist|not found|is missing|missing)|cannot (?:find|open|stat|access|load) |\bENOENT\b|missing (?:file|directory)|no files? (?:found|match)|no inputs were found|\b[\w./-]+\.[a-z]\w{0,4}\b\"? is missing\b|\bhas no such (?:file|module)|nicht gefunden|introuvable"),
    ("config.env_secret", r"(?i)\bkeychain\b|signing (?:identity|certificate)|provisioning profile|no identity found|^[A-Z][A-Z0-9_]{3,60}\s+\(missing\)|\bvalue for required variable"),
    ("config.build_script", r"(?i)no rule to make|\bunknown (?:key|option|flag|argument|target|command|setting|field)|(?:invalid|unrecognized|unsupported) (?:option|argument|requirement|config\w*|setting|flag|value)|argument list too long|\bis not a (?:valid|known)\b|\bis not usable\b|was not declared\b"),
    ("infra.timeout", r"(?i)did not (?:become|get) (?:ready|healthy|available|up)\b|(?:not (?:yet )?(?:ready|healthy|up|available|finished|done)|waiting|waited)\b.{0,60}\bafter \d|timed ?out|time ?limit|timeout|deadline|gave up|giving up"),
    ("code.test", r"\b[Ff]ailing\b"),
)  # fmt: skip
"""Words that are less sure than what the command is for."""
CRIES = Table(("code.test", r"\bFAIL(?:ED|URE)?\b"))
"""What anybody cries out; it is read when no line of the block says more."""
TOPICS = Table(
    ("code.license", r"(?i)\blicen[cs](?:e|es|ing|ed)\b|\bSPDX\b|\b(?:A|L|S)?GPL\b"),
    ("code.security_scan", r"(?i)vulnerab|\bCVE\b|\badvisor(?:y|ies)\b|\bsecrets\b|\bmalware\b|\bexploit"),
    ("code.coverage", r"(?i)\b(?:un)?covered\b|\bcoverage\b|\bsurviv\w+ mutants?"),
    ("code.migration", r"(?i)\bmigrations?\b|\b(?:tables?|schema|databases?|models?)\b.{0,80}\b(?:columns?|index|constraint|tables?|databases?|models?)\b|\bcolumns?\b.{0,60}\b(?:table|database|schema)\b"),
    ("deps.lockfile", r"(?i)\block ?files?\b|\b[\w-]+\.(?:lock|sum)\b"),
    ("deps.integrity", r"(?i)\b(?:checksums?|digests?|signatures?|sha\d+|content hash(?:es)?|hash(?:es)?)\b|\bsigned (?:by|with)\b|\buntrusted\b"),
    ("deploy.k8s", r"(?i)(?<!\.)\bpods?\b|\breplicas?\b|\bnamespace\b.{0,60}\b(?:cluster|deploy)|\bingress\b|\bstatefulset\b|\bconfigmap\b"),
    ("code.format", r"(?i)\bindent(?:ed|ation)?\b|\btabs\b|\bwhitespace\b|\bformatt(?:ed|ing|er)\b|\bline endings?\b"),
    ("deps.not_found", r"(?i)\b(?:in|from|at) (?:any|all|none|\d+|the) .{0,20}(?:repositor|registr|mirror|index)|\b(?:packages?|dependenc(?:y|ies)|crates?|gems?|artifacts?|plugins?|librar(?:y|ies)|sdk)\b.{0,80}\b(?:not found|missing|absent|unavailable|does not exist)"),
    ("code.test", r"(?i)\b(?:tests?|specs?|scenarios?|suites?|test cases?|assertions?|expectations?|goldens?|snapshot tests?|fixtures?|benchmarks?)\b|\w \.{4,} |\b\d[\d.]* ?(?:ms|µs|us|ns|fps|req/s)\b.{0,60}\b(?:was|vs\.?|limit|allowed|baseline|objective|than|slower)\b"),
    ("code.compile", r"(?i)\bcompil\w+|\b(?:declared|declaration|identifiers?|symbols?|operand|prototype)\b|\bpass \d\b|\btranslation unit"),
    ("code.lint", r"(?i)\b(?:style|rules?|lint\w*|findings?|violations?|complexity|duplicat\w+|dead code|conventions?|naming|spelling|typos?|headings?|changelog|readme|budget|breaking|polic(?:y|ies)|owners?|guidelines?|quality|rating|rank|docs?|documentation|docstrings?|links?|translations?|labels?|todo)\b"),
    ("container.pull", r"(?i)\b(?:pull\w*)\b.{0,60}\bimages?\b|\bimages?\b.{0,80}\b(?:not found|does not exist|pull)"),
    ("container.build", r"(?i)\bdockerfile\b|\bimage (?:layer|build)|\bbuild context\b"),
    ("infra.oom", r"(?i)\bmemory\b.{0,60}\b(?:limit|exceed\w*|exhausted|left)\b|\bsignal 9\b"),
    ("infra.cancelled", r"(?i)\bcancell?ed\b|\bsuperseded\b"),
    ("vcs.merge", r"(?i)(?<![/-])\b(?:merge|rebase|cherry-pick)\b"),
    ("vcs.checkout", r"(?i)\b(?:branch|git checkout|submodules?|detached head|shallow|git)\b"),
    ("deploy.cloud", r"(?i)\bdeploy\w*|\b(?:stack|bucket|region|cluster|roll(?:out|ed back)|environment prod\w*)\b"),
    ("auth.permission", r"(?i)\b(?:permissions?|ownership|privileges?|not executable|writable)\b"),
    ("network.connect", r"(?i)\b(?:ports?|sockets?|listen\w*|connect\w*|hosts?|unreachable)\b"),
    ("network.http", r"(?i)\b(?:https?|urls?|endpoints?|responses?|requests?)\b"),
    ("config.tool_version", r"(?i)\bversions?\b"),
    ("config.env_secret", r"(?i)\b(?:tokens?|passwords?|credentials?|api keys?|(?<!global )(?<!local )variables?)\b"),
    ("config.path", r"(?i)\b(?:not found|does not exist|doesn't exist|cannot be found|is gone)\b"),
)  # fmt: skip
"""What the words are about, where they do not say what went wrong with it; the last and least sure."""
