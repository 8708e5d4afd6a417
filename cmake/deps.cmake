# Third-party code, all from the distribution's packages. One line of reason each.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)            # messages and numbers as text; std::format is not in GCC 12
find_package(nlohmann_json REQUIRED)  # config.json, tokenizer.json, safetensors headers, --json output
find_package(cxxopts REQUIRED)        # the command line
find_package(tomlplusplus REQUIRED)   # settings files
find_package(mimalloc REQUIRED)       # small allocations of the tokenizers and the template engine
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)  # Unicode classes
pkg_check_modules(libedit REQUIRED IMPORTED_TARGET libedit)       # line editing and history in chat
pkg_check_modules(liburing REQUIRED IMPORTED_TARGET liburing)     # many direct reads in flight
if(GREENROOM_TESTS)
    find_package(GTest REQUIRED)
    find_package(Boost REQUIRED COMPONENTS context)  # fibres: the threads of the emulated GPU
    include(GoogleTest)
endif()
