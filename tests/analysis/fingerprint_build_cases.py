# ruff: noqa: E501 - sample lines stay as the tools print them
"""Failures in the formats of compilers, package managers and other tools; for the marks see ``fingerprint_cases``."""

from typing import Final

from tests.analysis.fingerprint_cases import Case

BUILD_CASES: Final[tuple[Case, ...]] = (
    Case(
        name="go-build",
        log="""\
# example.org/shop/cart
cart/cart.go:14:9: undefined: totalOf
make: *** [Makefile:12: build] Error 1
""",
        others=(("totalOf", "sumOf"), ("cart/cart.go", "cart/basket.go")),
    ),
    Case(
        name="rustc",
        log="""\
   Compiling shop v0.1.0 (@root@)
error[E0425]: cannot find value `totals` in this scope
  --> src/cart.rs:4:5
   |
4  |     totals
   |     ^^^^^^ not found in this scope

For more information about this error, try `rustc --explain E0425`.
error: could not compile `shop` (lib) due to 1 previous error
""",
        others=(("`totals`", "`sums`"), ("E0425", "E0423"), ("src/cart.rs", "src/basket.rs")),
    ),
    Case(
        name="javac-maven",
        log="""\
[INFO] Compiling 12 source files to @root@/target/classes
[INFO] -------------------------------------------------------------
[ERROR] COMPILATION ERROR :
[INFO] -------------------------------------------------------------
[ERROR] @root@/src/main/java/com/example/Cart.java:[14,9] cannot find symbol
  symbol:   variable totals
  location: class com.example.Cart
[INFO] 1 error
[INFO] -------------------------------------------------------------
[INFO] BUILD FAILURE
[INFO] Total time:  @seconds@ s
[INFO] Finished at: @time@
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.11.0:compile (default-compile) on project shop: Compilation failure
""",
        others=(("Cart.java", "Basket.java"), ("variable totals", "variable sums")),
    ),
    Case(
        name="gradle",
        log="""\
> Task :app:compileJava FAILED

FAILURE: Build failed with an exception.

* What went wrong:
Execution failed for task ':app:compileJava'.
> Could not resolve all files for configuration ':app:compileClasspath'.
   > Could not find com.example:money:1.4.2.
     Searched in the following locations:
       - file:@root@/.m2/repository/com/example/money/1.4.2/money-1.4.2.pom
     Required by:
         project :app

* Try:
> Run with --stacktrace option to get the stack trace.

BUILD FAILED in @seconds@s
3 actionable tasks: 3 executed
""",
        others=(("money", "coins"),),
    ),
    Case(
        name="tsc",
        log="""\
src/cart.ts(14,9): error TS2304: Cannot find name 'totals'.
Found 1 error in src/cart.ts:14
npm ERR! code ELIFECYCLE
npm ERR! A complete log of this run can be found in: @root@/.npm/_logs/@time@-debug-0.log
""",
        others=(("'totals'", "'sums'"), ("TS2304", "TS2552"), ("cart.ts", "basket.ts"), ("src/cart", "lib/cart")),
    ),
    Case(
        name="eslint",
        log="""\

@root@/src/cart.js
  14:9  error  'totals' is not defined  no-undef

✖ 1 problem (1 error, 0 warnings)

""",
        others=(("no-undef", "no-unused-vars"), ("cart.js", "basket.js"), ("'totals'", "'sums'")),
    ),
    Case(
        name="gcc",
        log="""\
[ 40%] Building C object CMakeFiles/app.dir/src/cart.c.o
@root@/src/cart.c: In function 'total':
@root@/src/cart.c:14:9: error: 'totals' undeclared (first use in this function); did you mean 'total'?
   14 |         totals
      |         ^~~~~~
gmake[2]: *** [CMakeFiles/app.dir/build.make:76: CMakeFiles/app.dir/src/cart.c.o] Error 1
gmake: *** [Makefile:166: all] Error 2
""",
        others=(("'totals'", "'sums'"), ("src/cart.c:", "src/basket.c:")),
    ),
    Case(
        name="linker",
        log="""\
/usr/bin/ld: /tmp/cc@hex@.o: in function `main':
cart.c:(.text+@address@): undefined reference to `total_of'
collect2: error: ld returned 1 exit status
make: *** [Makefile:4: app] Error 1
""",
        others=(("`total_of'", "`sum_of'"),),
    ),
    Case(
        name="npm",
        log="""\
npm error code E404
npm error 404 Not Found - GET https://registry.npmjs.org/@acme%2fmoney - Not found
npm error 404
npm error 404  '@acme/money@^1.4.2' is not in this registry.
npm error A complete log of this run can be found in: @root@/.npm/_logs/@time@-debug-0.log
""",
        others=(("money", "coins"),),
    ),
    Case(
        name="pip",
        log="""\
Collecting requests
  Downloading requests-2.32.3-py3-none-any.whl (64 kB)
WARNING: Retrying (Retry(total=@tries@, connect=None, read=None, redirect=None, status=None)) after connection broken
ERROR: Could not find a version that satisfies the requirement acme-money==1.4.2 (from versions: 1.3.0, 1.4.0)
ERROR: No matching distribution found for acme-money==1.4.2
""",
        others=(("acme-money", "acme-coins"),),
    ),
    Case(
        name="git",
        log="""\
Cloning into '@root@'...
fatal: unable to access 'https://git.example.org/acme/shop.git/': Could not resolve host: git.example.org
""",
        others=(("git.example.org", "code.example.org"),),
    ),
    Case(
        name="webpack",
        log="""\
ERROR in ./src/cart/index.js 3:0-31
Module not found: Error: Can't resolve './money' in '@root@/src/cart'
 @ ./src/main.js 1:0-25

webpack 5.91.0 compiled with 1 error in @number@ ms
""",
        others=(("'./money'", "'./coins'"),),
    ),
    Case(
        name="docker",
        log="""\
#1 [internal] load build definition from Dockerfile
#1 DONE @seconds@s
#2 [2/3] RUN make
#2 @seconds@ make: *** No rule to make target 'site', needed by 'all'.  Stop.
#2 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2
------
 > [2/3] RUN make:
@seconds@ make: *** No rule to make target 'site', needed by 'all'.  Stop.
------
ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
""",
        others=(("'site'", "'docs'"),),
    ),
    Case(
        name="python-import",
        log="""\
Traceback (most recent call last):
  File "@root@/manage.py", line 10, in <module>
    import acme_money
ModuleNotFoundError: No module named 'acme_money'
""",
        others=(("acme_money", "acme_coins"),),
    ),
    Case(
        name="java-trace",
        log="""\
Exception in thread "pool-@worker@-thread-@worker@" java.lang.IllegalStateException: no shop for session @uuid@
	at com.example.Shop.open(Shop.java:41)
	at com.example.Main.main(Main.java:9)
Caused by: java.io.FileNotFoundException: @root@/conf/shop.properties (No such file or directory)
	at java.base/java.io.FileInputStream.open0(Native Method)
	at com.example.Shop.open(Shop.java:38)
	... 1 more
""",
        others=(("shop.properties", "stock.properties"), ("FileNotFoundException", "AccessDeniedException")),
    ),
)
