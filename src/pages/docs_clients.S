// pages/docs_clients.S — puts the clients that the tests run (tests/clients) into the program, for the
// reference of the API to show.
        .section .rodata
        .global story_py_start, story_py_end, story_ts_start, story_ts_end
story_py_start:
        .incbin "tests/clients/story.py"
story_py_end:
        .byte 0
story_ts_start:
        .incbin "tests/clients/story.ts"
story_ts_end:
        .byte 0
        .section .note.GNU-stack, "", @progbits
