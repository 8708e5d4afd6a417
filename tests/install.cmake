# Installs into an empty folder and runs the installed program there.
# Run: cmake -DBUILD=DIR -DVERSION=x.y.z -P install.cmake
set(prefix "${BUILD}/tests/install prefix")
file(REMOVE_RECURSE "${prefix}")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}"
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

foreach(file IN ITEMS bin/greenroom share/greenroom/configs/demo/greenroom-demo-Q4_K_M.gguf
        share/doc/greenroom/LICENSE share/doc/greenroom/README.md)
    if(NOT EXISTS "${prefix}/${file}")
        message(FATAL_ERROR "not installed: ${file}")
    endif()
endforeach()

execute_process(COMMAND "${prefix}/bin/greenroom" --version
    WORKING_DIRECTORY "${prefix}" OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
if(NOT printed MATCHES "${VERSION}")
    message(FATAL_ERROR "--version prints '${printed}', expected ${VERSION}")
endif()
file(REMOVE_RECURSE "${prefix}")
