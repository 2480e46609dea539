package dev.kcm.daemon.boot;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong at start, so that all of it is reported together. */
final class Problems {

  private final List<String> found = new ArrayList<>();

  /** Something that may fail because of a file or a port. */
  interface Attempt<T> {
    T get() throws IOException;
  }

  /**
   * Tries something.
   *
   * @param flag the flag that asked for it, named in the report
   * @param fallback what to go on with after a failure, so that later checks can run
   */
  <T> T attempt(String flag, T fallback, Attempt<T> attempt) {
    try {
      return attempt.get();
    } catch (NoSuchFileException e) {
      found.add(flag + ": there is no file " + e.getFile());
    } catch (IOException | IllegalArgumentException e) {
      found.add(flag + ": " + e.getMessage());
    }
    return fallback;
  }

  void throwIfAny() throws StartupException {
    if (!found.isEmpty()) {
      throw new StartupException(found);
    }
  }
}
