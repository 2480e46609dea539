package dev.kcm.embedded.resource;

import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Random UIDs and name endings.
 *
 * <p>Guarded by {@code random}, which need not be thread-safe itself.
 */
final class Ids {

  /** No vowels and no digits that look like letters, so that no words come out. */
  private static final String SYMBOLS = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX_LENGTH = 5;
  private static final int LONGEST_BASE = 63 - SUFFIX_LENGTH;
  private static final long VERSION_BITS = 0x4000L;
  private static final long VARIANT_BITS = 1L << 63;

  private final RandomGenerator random;

  Ids(RandomGenerator random) {
    this.random = random;
  }

  /** A random UUID, version 4. */
  String uid() {
    synchronized (random) {
      long high = (random.nextLong() & ~0xF000L) | VERSION_BITS;
      long low = (random.nextLong() & ~(3L << 62)) | VARIANT_BITS;
      return new UUID(high, low).toString();
    }
  }

  /** The base, cut to 58 characters, with five random symbols behind it. */
  String name(String base) {
    return base.substring(0, Math.min(base.length(), LONGEST_BASE)) + suffix();
  }

  /** Five random symbols. */
  String suffix() {
    StringBuilder suffix = new StringBuilder();
    synchronized (random) {
      for (int i = 0; i < SUFFIX_LENGTH; i++) {
        suffix.append(SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
      }
    }
    return suffix.toString();
  }

  /** A number below the bound. */
  int below(int bound) {
    synchronized (random) {
      return random.nextInt(bound);
    }
  }
}
