package dev.kcm.core.api;

import org.jspecify.annotations.Nullable;

/** Reads one value other than null. Thread-safe. */
@FunctionalInterface
interface ValueReader {

  @Nullable Object read(JsonCursor in) throws Unusual;
}
