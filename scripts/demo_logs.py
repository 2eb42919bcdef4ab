"""Logs of a team that does not exist: each is made up, in the form that its tool prints."""

from typing import Final

import msgspec


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which the team's builds fail.

    Attributes:
        project: which project's.
        provider: the CI service.
        job: the job's name.
        log: as sent.
        often: how often, against the others.
        days: on which days ago it happens: the first day back, and the last.
        status: the job's.
    """

    project: str
    provider: str
    job: str
    log: str
    often: int
    days: tuple[int, int] = (61, 0)
    status: str = "failed"


_PYTEST = """\
$ pytest -q
........................F......................................          [100%]
=================================== FAILURES ===================================
____________________ test_refund_is_rounded_to_whole_cents _____________________

    def test_refund_is_rounded_to_whole_cents():
        refund = settle(Order(total="19.99", share="1/3"))
>       assert refund.amount == Decimal("6.66")
E       AssertionError: assert Decimal('6.67') == Decimal('6.66')
E        +  where Decimal('6.67') = Refund(amount=Decimal('6.67')).amount

tests/test_refunds.py:41: AssertionError
=========================== short test summary info ============================
FAILED tests/test_refunds.py::test_refund_is_rounded_to_whole_cents - AssertionError: assert Decimal('6.67') == ...
1 failed, 62 passed in 4.18s
ERROR: Job failed: exit code 1
"""

_TYPESCRIPT = """\
> storefront@4.12.0 build
> tsc --noEmit && vite build

src/checkout/CartSummary.tsx(58,23): error TS2339: Property 'discountCode' does not exist on type 'Cart'.
src/checkout/CartSummary.tsx(61,9): error TS2322: Type 'string | undefined' is not assignable to type 'string'.
npm ERR! Lifecycle script `build` failed with error:
npm ERR! Error: command failed
npm ERR!   in workspace: storefront@4.12.0
##[error]Process completed with exit code 2.
"""

_ERESOLVE = """\
$ npm ci
npm error code ERESOLVE
npm error ERESOLVE could not resolve
npm error
npm error While resolving: @lantern/charts@2.3.0
npm error Found: react@19.1.0
npm error node_modules/react
npm error   react@"^19.1.0" from the root project
npm error
npm error Could not resolve dependency:
npm error peer react@"^17.0.0 || ^18.0.0" from @lantern/charts@2.3.0
npm error node_modules/@lantern/charts
npm error   @lantern/charts@"^2.3.0" from the root project
##[error]Process completed with exit code 1.
"""

_DISK = """\
#14 [build 6/8] RUN pip install --no-cache-dir -r requirements.txt
#14 21.40 Collecting torch==2.9.0
#14 48.92 ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device
#14 ERROR: process "/bin/sh -c pip install --no-cache-dir -r requirements.txt" did not complete successfully: exit code: 1
------
 > [build 6/8] RUN pip install --no-cache-dir -r requirements.txt:
48.92 ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device
------
ERROR: failed to solve: process "/bin/sh -c pip install --no-cache-dir -r requirements.txt" did not complete successfully
ERROR: Job failed: exit code 1
"""

_GO = """\
=== RUN   TestWindowCloses
    window_test.go:88: closed after 31 events, want 30
--- FAIL: TestWindowCloses (0.02s)
=== RUN   TestWindowReopens
--- PASS: TestWindowReopens (0.00s)
FAIL
FAIL	example.org/lantern/stream/window	0.031s
ok  	example.org/lantern/stream/codec	0.204s
FAIL
Process exited with code 1
"""

_GRADLE = """\
> Task :app:compileReleaseKotlin FAILED
e: file:///builds/app/src/main/java/org/lantern/android/SyncWorker.kt:73:21 Unresolved reference 'retryPolicy'.

FAILURE: Build failed with an exception.

* What went wrong:
Execution failed for task ':app:compileReleaseKotlin'.
> A failure occurred while executing org.jetbrains.kotlin.compilerRunner.GradleCompilerRunnerWithWorkers$GradleKotlinCompilerWorkAction
   > Compilation error. See log for more details

* Try:
> Run with --stacktrace option to get the stack trace.

BUILD FAILED in 1m 12s
"""

_TERRAFORM = """\
aws_db_instance.ledger: Creating...
aws_db_instance.ledger: Still creating... [10s elapsed]

Error: creating RDS DB Instance (ledger-staging): operation error RDS: CreateDBInstance, https response error StatusCode: 403, \
RequestID: 0f6f1c52-1111-4222-8333-444455556666, api error AccessDenied: User: arn:aws:sts::000000000000:assumed-role/ci is not \
authorized to perform: rds:CreateDBInstance

  with aws_db_instance.ledger,
  on database.tf line 12, in resource "aws_db_instance" "ledger":
  12: resource "aws_db_instance" "ledger" {

ERROR: Job failed: exit code 1
"""

_TIMEOUT = """\
Running 214 tests using 4 workers
  1) [chromium] › checkout.spec.ts:34:5 › pays with a saved card ──────────────────

    Test timeout of 30000ms exceeded.

    Error: locator.click: Test timeout of 30000ms exceeded.
    Call log:
      - waiting for getByRole('button', { name: 'Pay now' })

      36 |   await page.goto('/checkout');
      37 |   await page.getByLabel('Saved card').check();
    > 38 |   await page.getByRole('button', { name: 'Pay now' }).click();
         |                                                       ^

        at tests/e2e/checkout.spec.ts:38:55

  1 failed
    [chromium] › checkout.spec.ts:34:5 › pays with a saved card
  213 passed (2.4m)
##[error]Process completed with exit code 1.
"""

_OOM = """\
[2026-11-20 02:14:03] epoch 3/10, batch 410/1280
[2026-11-20 02:14:09] epoch 3/10, batch 420/1280
/bin/bash: line 1:   412 Killed                  python -m lantern.forecast.train --full
Out of memory: Killed process 412 (python) total-vm:31250112kB, anon-rss:15803204kB
ERROR: Job failed: exit code 137
"""

_RUST = """\
   Compiling lantern-codec v0.9.1 (/builds/codec)
error[E0382]: borrow of moved value: `frame`
  --> src/decoder.rs:117:23
    |
112 |     let frame = self.next_frame()?;
    |         ----- move occurs because `frame` has type `Frame`, which does not implement the `Copy` trait
115 |     self.queue.push(frame);
    |                     ----- value moved here
117 |     self.stats.record(frame.len());
    |                       ^^^^^ value borrowed here after move

For more information about this error, try `rustc --explain E0382`.
error: could not compile `lantern-codec` (lib) due to 1 previous error
Process exited with code 101
"""

_MAVEN = """\
[INFO] Building billing-core 3.4.0-SNAPSHOT
[INFO] BUILD FAILURE
[ERROR] Failed to execute goal on project billing-core: Could not resolve dependencies for project \
org.lantern:billing-core:jar:3.4.0-SNAPSHOT: Could not transfer artifact org.lantern:money:jar:2.1.7 from/to internal \
(https://repo.lantern.example/maven): Connect to repo.lantern.example:443 failed: Connection timed out -> [Help 1]
"""

_LINT = """\
$ ruff check .
services/quotes/pricing.py:14:1: F401 [*] `decimal.ROUND_DOWN` imported but unused
services/quotes/pricing.py:88:5: F841 Local variable `margin` is assigned to but never used
Found 2 errors.
[*] 1 fixable with the `--fix` option.
##[error]Process completed with exit code 1.
"""

_FORMAT = """\
$ ruff format --check .
Would reformat: services/quotes/rates.py
1 file would be reformatted, 48 files already formatted
##[error]Process completed with exit code 1.
"""

_REGISTRY = """\
Step 1/9 : FROM registry.lantern.example/base/python:3.12
Get "https://registry.lantern.example/v2/": unauthorized: authentication required
ERROR: Job failed: exit code 1
"""

_PASSED = """\
$ make test
ran 312 tests in 41 s, all passed
Job succeeded
"""

KINDS: Final = (
    Kind(project="payments/api", provider="gitlab", job="test", log=_PYTEST, often=9),
    Kind(project="web/storefront", provider="github_actions", job="build", log=_TYPESCRIPT, often=6),
    Kind(project="web/storefront", provider="github_actions", job="e2e", log=_TIMEOUT, often=12),
    Kind(project="web/storefront", provider="github_actions", job="install", log=_ERESOLVE, often=16, days=(4, 0)),
    Kind(project="data/forecast", provider="gitlab", job="image", log=_DISK, often=5, days=(61, 9)),
    Kind(project="data/forecast", provider="gitlab", job="train", log=_OOM, often=4),
    Kind(project="data/stream", provider="drone", job="test", log=_GO, often=5),
    Kind(project="mobile/android", provider="teamcity", job="assembleRelease", log=_GRADLE, often=4, days=(20, 0)),
    Kind(project="infra/terraform", provider="gitlab", job="apply-staging", log=_TERRAFORM, often=3),
    Kind(project="libs/codec", provider="drone", job="check", log=_RUST, often=12, days=(3, 0)),
    Kind(project="billing/core", provider="jenkins", job="verify", log=_MAVEN, often=6),
    Kind(project="payments/quotes", provider="github_actions", job="lint", log=_LINT, often=5),
    Kind(project="payments/quotes", provider="github_actions", job="format", log=_FORMAT, often=5),
    Kind(project="payments/api", provider="gitlab", job="image", log=_REGISTRY, often=2, days=(6, 0)),
    Kind(project="payments/api", provider="gitlab", job="test", log=_PASSED, often=7, status="success"),
)
