# add_floor(NAME ON LIBRARIES...): the static library of one floor (docs: DESIGN, "Floors").
# Sources come from add_room, called in the floor's folder and in each of its rooms.
function(add_floor name)
    cmake_parse_arguments(arg "" "" "ON" ${ARGN})
    add_library(greenroom_${name} STATIC)
    target_include_directories(greenroom_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
    target_link_libraries(greenroom_${name} PUBLIC ${arg_ON})
    greenroom_warnings(greenroom_${name})
    set_target_properties(greenroom_${name} PROPERTIES EXPORT_NAME ${name})
endfunction()

# add_room(FLOOR SOURCES a.cpp... HEADERS a.hpp...): what one folder adds to its floor.
function(add_room floor)
    cmake_parse_arguments(arg "" "" "SOURCES;HEADERS" ${ARGN})
    target_sources(greenroom_${floor} PRIVATE ${arg_SOURCES})
    list(TRANSFORM arg_HEADERS PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
    target_sources(greenroom_${floor} PUBLIC
        FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${arg_HEADERS})
endfunction()

# A warning is an error with the compilers that this is built with; a newer one may warn of
# something new, and that must keep nobody from building.
set(first_unknown_GNU 15)
set(first_unknown_Clang 19)

function(greenroom_warnings target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic)
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS first_unknown_${CMAKE_CXX_COMPILER_ID})
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    if(GREENROOM_SANITIZE)
        target_compile_options(${target} PUBLIC -fsanitize=${GREENROOM_SANITIZE}
            -fno-sanitize-recover=all -fno-omit-frame-pointer)
        target_link_options(${target} PUBLIC -fsanitize=${GREENROOM_SANITIZE})
    endif()
endfunction()
