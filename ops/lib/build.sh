# The release build. Sourced; needs say.

# The Swift library is linked in, so that the programs run where no toolchain is.
build_release() {
    quoted_step "$run/log/build.log" 'release build' swift build --configuration release --static-swift-stdlib
}

# purser ARGUMENTS...: the command line of this build.
purser() { "$root/.build/release/purser" "$@"; }
