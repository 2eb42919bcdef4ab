"""What the words of a failure, and the command that it ended, tell of its category: the tables of ``wording``."""

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.word_tables import Table

ANYWHERE = Table(
    ("infra.docker_daemon", r"(?i)docker (?:daemon|engine) (?:is )?(?:not|at|running)|connect to the docker|docker\.sock"),
    ("infra.disk", r"(?i)no space left on device|\bENOSPC\b|disk quota exceeded|not enough (?:free )?(?:disk )?space|(?:disk|volume|device|partition|drive|storage|file ?system|(?:^|\s)/\S{0,80}) (?:is |are )?full\b|\b0 bytes (?:left|free|of)\b|read-only file system"),
    ("infra.oom", r"(?i)\bout of memory\b|\bOOM[- ]?kill|cannot allocate memory|\bENOMEM\b|exceeded (?:its )?memory limit|\"killed\" signal|exit code 137\b"),
    ("network.rate_limit", r"(?i)\brate[- ]?limit|\btoo ?many ?requests\b|\b(?:HTTP|status|code|error)\W{0,3}(?:code\W{0,2})?429\b|throttl(?:ed|ing)|\(429\)|\bslow down\b|\ballows? \d+ (?:calls|requests)|\bAPI quota\b"),
    ("network.dns", r"(?i)could not resolve (?:host|proxy)|no such host|name or service not known|name resolution|\bENOTFOUND\b|\bEAI_AGAIN\b|could not translate host name|unknown host|nodename nor servname|(?:unable to|cannot|can't) resolve (?:the )?host|failed to resolve\b.{0,40}\bhost"),
    ("network.tls", r"(?i)certificate\b.{0,60}\b(?:expired|revoked|not yet valid|name mismatch)|certificate (?:verify failed|signed by unknown|is not (?:valid|trusted)|problem)|certificate\b.{0,60}\bnot trusted|x509:|\bCERT_|self[- ]signed certificate|\bssl(?:_connect| error|v3|error)\b|tls (?:handshake|alert|error)|PKIX path"),
    ("network.connect", r"(?i)connection (?:was )?(?:refused|reset|closed by)|\bECONNREFUSED\b|\bECONNRESET\b|network is unreachable|no route to host|(?:could not|couldn't|cannot|can't|unable to|failed to) connect\b|\bis (?:not|un)reachable|not reachable"),
    ("network.timeout", r"(?i)(?:connection|connect|read|request|socket|handshake|fetch|download|operation)\w*\b.{0,30}\btimed ?out|\bETIMEDOUT\b|gateway time-?out|context deadline exceeded|i/o timeout"),
    ("network.http", r"(?i)\b(?:HTTP|status|code|error|returned|answer\w*|failed with)(?:/[\d.]+)?\W{0,9}(?:code\W{0,2})?5\d\d\b|\b5\d\d (?:internal server error|bad gateway|service unavailable|gateway|server error)"),
    ("infra.agent_lost", r"(?i)\b(?:agent|runner|node|worker|executor)\b.{0,60}\b(?:(?:has |was |is )?(?:disconnected|lost|terminated|preempted)|went offline|stopped responding|unresponsive)"),
    (
        "config.env_secret",
        (r"(?i:environment variables?|env(?:ironment)? ?vars?|secrets?\b|variable)\b.{0,80}(?i:not (?:set|found|defined|provided|configured|available)|missing|required|undefined|empty|unset|must be (?:set|defined|provided))"
        r"|\b(?i:missing|set|provide|define|no|without|requires?|export)(?i: the| a| an| required| value for| settings?| parameter| config(?:uration)?| option| variable)* (?:(?i:environment variables?|env vars?|secrets?\b)|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b)(?! to)"
        r"|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b['\"`]?:?\s{1,20}\(?(?i:is |was |has |must |are )*(?i:not (?:been )?(?:set|found|defined|provided|configured)|missing|required|undefined|empty|unset|be set|unbound variable|parameter null)"
        r"|KeyError: '[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+'|(?i:\bsecret not found\b|no (?:api )?(?:token|secret|credentials|api key|password)s? (?:was |were |has been )?(?:specified|provided|set|found|given|configured)|(?:token|secret|api key|credential)s? (?:is|are) (?:required|missing|not set|empty)|token required|(?:secrets?|token|key|argument|password|credentials?)\b.{0,60}\b(?:is empty|has not been (?:configured|set)|were not (?:supplied|provided)))")
    ),
)  # fmt: skip
"""Words that mean the same whatever was run."""
DENIED = late(
    r"(?i)\b(?:HTTP|status|code|error|server)\W{0,9}(?:code\W{0,2})?40[13]\b|\b40[13] (?:unauthorized|forbidden)|unauthori[sz]ed|unauthenticated|authentication (?:is )?(?:required|failed)|(?:invalid|bad|expired|wrong|incorrect) (?:\w+ )?(?:tokens?|credentials?|api[- ]key|password)\b|expired[_ ]token|(?:token|certificate|credentials?|session|keys?)\b[^\n]{0,60} (?:is|are|has|have) expired|log ?in (?:failed|incorrect|required)|not logged in|no basic auth|access (?:is )?denied|\bdenied\b|\bforbidden\b|permission denied|\brefus\w+ the (?:key|login|token|password|user)|not (?:authori[sz]ed|permitted|allowed) to (?!import|depend)|insufficient (?:permissions?|privileges|scope)|do(?:es)? not have (?:\w+ )?(?:permission|access)|resource not accessible"
)
"""Somebody refused the job's credentials or lacks of them; ``WHOSE`` says who."""
WHOSE = Table(
    ("auth.git", r"(?i)publickey|could not read (?:user|pass)|\bgit@|repository.{0,40}\b(?:access|read|clone)|\bgit (?:clone|fetch|push|pull)\b|\.git\b|deploy key|host key"),
    ("auth.cloud", r"\barn:|\bAWS|\baws\b|AccessDenied|\bsts:|\biam\b|\bIAM\b|gcloud|googleapis|\bGCP\b|[Ss]ervice ?[Aa]ccount|\bazure|\baz \w|subscription|\bs3:|AuthorizationFailed|assume ?[Rr]ole|OIDC"),
    ("auth.registry", r"(?i)registry|docker|\bghcr|\bgcr\b|quay\.io|\bnpm\b|\byarn\b|\bpnpm\b|pypi|twine|nexus|artifactory|\bmvn\b|maven|nuget|rubygems|\bgem push|\bcargo\b|crates?\.io|sonatype|\bpackages?\b|\bimages?\b|\bhelm push|\bchart|publish|kaniko|buildah|podman|skopeo"),
)  # fmt: skip
REPUBLISHED = late(
    r"(?i)\bhas already been taken\b|\bwas (?:already )?(?:released|published|uploaded)\b|\banother (?:version|number)\b|re-?push(?:ing)?\b.{0,40}\bnot allowed|\b(?:version|release|tag)\b.{0,60}\balready exists|does not allow (?:updating|overwrit|redeploy)|cannot (?:be )?(?:re-?publish|re-?deploy|publish over)|previously published|version already exists|already been (?:published|uploaded|released)"
)
"""Words for a version that is there already."""
PUBLISHED = late(
    r"(?i)\bexists?\b.{0,40}\balready\b|already (?:exists?\b|(?:been )?(?:published|uploaded|released|deployed|taken|pushed))|(?:cannot (?:be )?|refus\w+ to |not )overwrit|\b409\b.{0,20}conflict|file already exist|must be unique|version .{0,40}\bexists\b"
)
"""Words for anything that is there already, a version only where something is published."""
_PUBLISHES = r"(?i)\b(?:npm|pnpm|yarn|lerna|changeset|poetry|flit|hatch|uv|cargo|sbt|dart pub|mix hex\.?|vsce|ovsx|nuget)\b.{0,30}\bpublish\b|\bpublish(?:ing|ed)?\b|\btwine\b|gem push|nuget push|\b(?:make|just|task|rake|npm run|yarn|pnpm) (?:-\S+ )*release\b(?!-)|semantic-release|goreleaser|\bgh release|\brelease (?:create|upload)|mvn\b.*\bdeploy\b|\bdeploy:deploy|jfrog|\bcosign sign|\bjf rt|docker push|podman push|buildah push|skopeo copy|helm push|\bupload(?:ing)?\b.{0,40}\b(?:dist|wheel|package|gem|release|asset|jar|artifact)"
PUBLISHES = late(_PUBLISHES)
"""What publishes."""
COMMANDS = Table(
    ("code.migration", r"(?i)\balembic\b|\bflyway\b|\bliquibase\b|\bdbmate\b|\bgoose\b|golang-migrate|\bmigrate\b|\bmigrations?[: _-]|\bdb:(?:migrate|schema|setup|create)|prisma (?:migrate|db)|\bknex\b|\bdb upgrade|\bef database\b|\bsqitch\b|atlas (?:migrate|schema)|sqlx (?:migrate|database)|diesel (?:migration|setup)|run.?migrations"),
    ("code.security_scan", r"(?i)\btrivy\b|\bsnyk\b|\bgrype\b|gitleaks|trufflehog|\bbandit\b|semgrep|\bsafety (?:check|scan)|pip-audit|\b(?:npm|yarn|pnpm|cargo|bundle|bundler|composer|bundle-)[ -]?audit\b|better-npm-audit|audit-ci|cargo deny|govulncheck|dependency-?check|checkov|\btfsec\b|\bkics\b|terrascan|codeql|detect-secrets|osv-scanner|brakeman|\bgosec\b|spotbugs.*security|\bzap-|nancy sleuth|vuln|security[- _]?(?:scan|check|audit)|secret[- _]?scan|\bsast\b"),
    ("code.license", r"(?i)licen[sc]e[-_ ]?(?:check|finder|scan|audit|eye|maven|checker)?\b|\breuse lint|\bfossa\b|addlicense|go-licenses"),
    ("code.coverage", r"(?i)codecov|coveralls|diff-cover|\bcoverage (?:report|check|xml)|check[-_ ]?cov|cov(?:erage)?[-_ ]?(?:gate|check|threshold|limit)|\bnyc check|jacoco\w*(?:Verif|check)"),
    ("code.format", r"(?i)\b(?:terraform|tofu|packer|nomad)\b.{0,40} fmt\b|\bterragrunt (?:hcl)?fmt\b"),
    ("deploy.helm", r"(?i)\bhelm(?:file)?\b|\bchart[- ](?:test|lint)|\bct (?:lint|install)\b"),
    ("deploy.terraform", r"(?i)\bterraform\b|\btofu\b|\bterragrunt\b|\btflint\b|\btf[- ](?:plan|apply|init|validate)|\bTF_"),
    ("deploy.k8s", r"(?i)\bkubectl\b|\bkustomize\b|\bargocd\b|\bskaffold\b|\boc (?:apply|rollout|login|start-build)|kubeconform|kubeval|\bk8s\b|kubernetes|\bflux \w"),
    ("deploy.cloud", r"(?i)\bpulumi\b|\bcdk\b|\bcloudformation\b|\baws \w|\bgcloud\b|\bgsutil\b|\baz \w|\bsam (?:build|deploy)|\bserverless\b|\bsls\b|\beb (?:deploy|use)|ansible|\bfly(?:ctl)? deploy|\bvercel\b|\bnetlify\b|\bfirebase\b|\bheroku\b|\bwrangler\b|\bcap \w+ deploy|\bkamal\b|\bcf push|\brsync\b|\bscp\b|azure\w*(?:deploy|webapp|function)|ecs[- ](?:deploy|service)|\bs3-deploy|\bdeploy(?:ment)?\b|\broll-?out\b"),
    ("code.lint", r"\bgit diff (?:\S+ )*--(?:exit-code|quiet)"),
    ("vcs.push", r"\bgit push\b"),
    ("vcs.merge", r"\bgit (?:merge|rebase|cherry-pick|am|apply|revert)\b"),
    ("vcs.checkout", r"\bgit (?:clone|fetch|checkout|pull|submodule|lfs|describe)\b|actions/checkout|\[Pipeline\] checkout|get_sources|Checkout "),
    ("container.build", r"(?i)\bdocker(?: image| buildx)? (?:build|bake)\b|\bbuildx\b|buildah (?:bud|build)|podman build|kaniko|build-push-action|docker[- ]compose build|nerdctl build|\bpack build|\bjib"),
    ("container.run", r"(?i)\bdocker[- ]compose\b.*\bup\b|\bdocker (?:container )?start\b"),
    ("publish.rejected", _PUBLISHES),
    ("code.format", r"(?i)\bprettier\b|\bblack\b|goimports|clang-format|\b\w*fmt\b|\bormolu\b|\bfourmolu\b|\bstylua\b|stylish-haskell|spotless|\bformat(?:ting)?(?:[-_:]check)?\b|check[-_:]format|isort|yapf|autopep8|google-java-format|dotnet format"),
    ("code.type", r"(?i)\bmypy\b|pyright|\btsc\b|type[-_: ]?check|\bflow check|dialyzer|\bsorbet\b|\bphpstan\b|\bpsalm\b"),
    ("code.lint", r"(?i)\bbuf (?:lint|breaking|format)\b|changesets? status|\bspectral\b|\bredocly\b|\boasdiff\b|api-extractor|size-limit|bundlesize|bundlewatch|\bknip\b|depcheck|\bmadge\b|cspell|\btypos\b|\bvale\b|lychee|link-?check|htmltest|\bjscpd\b|\blint\w*|eslint|flake8|\bruff\b|pylint|shellcheck|hadolint|yamllint|actionlint|markdownlint|pre-?commit|checkstyle|rubocop|clippy|golangci|stylelint|commitlint|codespell|\w+lint\b|\bvint\b|\bweeder\b|\belvis\b|checkdoc|checkbashisms|doc-nits|\bcabal check|\btowncrier check|\bdeptrac\b|git diff --(?:exit-code|quiet)|\bdanger\b"),
    ("code.test", r"(?i)\b(?:unit|integration|e2e|smoke|system|acceptance|functional|regression)?(?<!-)[-_ :]?tests?\b(?!-)|\bsuites?\b|\bharness\b|\bselftests?\b|\brun[-_]?specs?\b|\bitests?\b|\bspecs?\b|pytest|\bjest\b|mocha|vitest|cypress|playwright|phpunit|rspec|\bctest\b|\btox\b|\bnox\b|smoke|\be2e\b|nightwatch|testcafe|\bwdio\b|protractor|\bkarma\b|jasmine|\bava\b|\bqunit\b|phpspec|\bpest\b|\bbehat\b|\bcodecept|cucumber|\bbehave\b|\brobot\b|\bnosetests\d?|\btrial \w|\bbats\b|shunit|shellspec|\bprove\b|\bbusted\b|testthat|\beunit\b|rebar3 ct\b"),
    ("deps.resolve", r"(?i)\b(?:pip3?|npm|yarn|pnpm|bundle|gem|composer|poetry|pipenv|uv|conda|mamba|apt(?:-get)?|yum|dnf|apk|brew|choco|cargo|go mod|mix deps\.get|nuget|dotnet|sdkmanager|luarocks|cabal|stack|opam|pod|carthage|vcpkg|conan) (?:-\S+ )*(?:install|ci|i|add|get|sync|update|restore|fetch|download|tidy|upgrade)\b"),
    ("config.env_secret", r"(?i)\bvault (?:kv|read|login)|\bsops\b|\bopenssl (?:aes|enc|des)|\bgpg2? |\bdoppler\b|secretsmanager|\bcodesign\b|notarytool|jarsigner|signtool|fastlane match|security (?:import|find-identity|unlock-keychain)"),
    ("network.http", r"(?i)^\W*(?:Run |\$ |\+ )?(?:curl|wget|http) "),
    ("code.compile", r"(?i)\b(?:cargo|go|swift|dotnet|bazel|vite|next|nuxt|ng|sbt|stack|cabal|dune|zig|mix|flutter) (?:build|compile)\b|\bxcodebuild\b|\bmsbuild\b|\bninja\b|cmake --build|\bjavac\b|\bwebpack\b|\b(?:npm|yarn|pnpm)(?: run)? build\b|gradlew? .*\b(?:assemble|build|compile)\w*|\bmvnw? .*\b(?:compile|package|install|verify)\b|\bmake(?: -\S+)*(?: all)?$"),
    ("config.build_script", r"(?i)(?:^|[\s/])(?:\.{1,2}/|[\w.-]+/)[\w./-]*\w+|\b(?:bash|sh|python3?|node|ruby|perl|php|deno|bun|tsx|ts-node) [\w./-]+\.\w+|\b(?:make|just|task|rake|npm run|yarn|pnpm|invoke|nox|gulp|grunt) [\w:-]+"),
)  # fmt: skip
"""What a command is for, the first that is in it; the last line of a script that says any counts."""
CHECKS = late(
    r"(?i)(?:check|verify|ensure|validate|assert|scan|audit)[-_:/][\w./-]+|[\w/-]+[-_](?:check|verify|lint)(?:\.\w+)?\b"
    r"|\b(?:check|verify|validate|audit)\w*\b(?! out)"
)
"""A command that checks something; what it is, only its words say."""
