/// What tools leave in a work tree, as lines of a `.gitignore`.
enum ToolPatterns {
    /// Never meant to be committed: nobody is asked.
    static let ignored = """
        node_modules/
        __pycache__/
        *.py[co]
        .venv/
        .tox/
        .pytest_cache/
        .mypy_cache/
        .ruff_cache/
        .gradle/
        .DS_Store
        .*.sw[op]

        """

    /// Mostly not meant: whoever asked for the work is told.
    static let leftovers = """
        # Python
        .coverage
        .coverage.*
        coverage.xml
        htmlcov/
        *.egg-info/
        *.egg
        .eggs/
        venv/
        env/
        .virtualenv/
        .nox/
        .hypothesis/
        .benchmarks/
        .testmondata*
        .ipynb_checkpoints/
        .pytype/
        .pyre/
        .dmypy.json
        .pdm-build/
        __pypackages__/
        pip-wheel-metadata/
        # JavaScript
        .nyc_output/
        coverage/
        lcov.info
        .next/
        .nuxt/
        .output/
        .turbo/
        .swc/
        .vite/
        .angular/
        .parcel-cache/
        .svelte-kit/
        .docusaurus/
        .eslintcache
        .stylelintcache
        *.tsbuildinfo
        .npm/
        .pnpm-store/
        .yarn/cache/
        npm-debug.log*
        pnpm-debug.log*
        lerna-debug.log*
        yarn-error.log*
        yarn-debug.log*
        playwright-report/
        test-results/
        # What builds make
        build/
        dist/
        target/
        .build/
        DerivedData/
        *.xcresult/
        .dart_tool/
        .stack-work/
        dist-newstyle/
        _build/
        _site/
        obj/
        **/bin/Debug/
        **/bin/Release/
        TestResults/
        .vs/
        .kotlin/
        .bsp/
        .metals/
        .bloop/
        .cpcache/
        .elixir_ls/
        zig-cache/
        .zig-cache/
        zig-out/
        CMakeFiles/
        CMakeCache.txt
        cmake_install.cmake
        CTestTestfile.cmake
        cmake-build-*/
        autom4te.cache/
        config.log
        config.status
        .deps/
        .libs/
        *.dSYM/
        *.o
        *.obj
        *.lo
        *.a
        *.so
        *.dylib
        *.pyd
        *.class
        *.gcda
        *.gcno
        *.gcov
        *.profraw
        *.profdata
        a.out
        *.rs.bk
        mutants.out*/
        # Go
        coverage.out
        cover.out
        *.coverprofile
        __debug_bin*
        # PHP and Ruby
        .phpunit.result.cache
        .phpunit.cache/
        .php-cs-fixer.cache
        .bundle/
        **/vendor/bundle/
        .byebug_history
        .sass-cache/
        # What measures write
        *.prof
        gmon.out
        perf.data
        perf.data.old
        callgrind.out.*
        massif.out.*
        # What programs leave that end badly, or in the background
        core
        !core/
        core.[0-9]*
        core.*.[0-9][0-9]*
        vgcore.[0-9]*
        hs_err_pid*.log
        replay_pid*.log
        *.hprof
        erl_crash.dump
        nohup.out
        *.pid
        *.orig
        *.rej
        *~
        Thumbs.db
        .cache/
        .terraform/

        """
}
