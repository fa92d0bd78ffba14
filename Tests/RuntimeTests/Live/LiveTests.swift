import Testing

/// Everything that goes through the real broker and the real database, one test after another: they share two cores.
@Suite(.serialized) struct LiveTests {}
