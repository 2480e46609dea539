package dev.kcm.testkit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a law over random worlds, and makes the world of a failure small.
 *
 * @param first first seed
 * @param count how many seeds
 */
record LawSeeds(long first, int count) {

  private static final String SEED = "kcm.laws.seed";
  private static final String WORLDS = "kcm.laws.worlds";
  private static final int DEFAULT_WORLDS = 200;

  /** A law; it throws an AssertionError or a RuntimeException when it is broken. */
  @FunctionalInterface
  interface Law {
    void check(long seed, List<HasMetadata> world);
  }

  static LawSeeds fromSystemProperties() {
    Long seed = Long.getLong(SEED);
    return seed == null
        ? new LawSeeds(1, Integer.getInteger(WORLDS, DEFAULT_WORLDS))
        : new LawSeeds(seed, 1);
  }

  /** The same seeds, or the first of them when there are more. */
  LawSeeds atMost(int most) {
    return new LawSeeds(first, Math.min(count, most));
  }

  void check(Gen<List<HasMetadata>> worlds, Law law) {
    System.out.printf("random worlds: seeds %d to %d%n", first, first + count - 1);
    for (long seed = first; seed < first + count; seed++) {
      List<HasMetadata> world = worlds.next(new Random(seed));
      Throwable broken = broken(law, seed, world);
      if (broken != null) {
        throw failure(law, seed, world, broken);
      }
    }
  }

  private static AssertionError failure(
      Law law, long seed, List<HasMetadata> world, Throwable broken) {
    List<HasMetadata> smallest = shrunk(law, seed, world);
    Throwable cause = broken(law, seed, smallest);
    String text = (cause == null ? broken : cause).toString();
    return new AssertionError(
        "seed "
            + seed
            + " (replay with -D"
            + SEED
            + "="
            + seed
            + "): "
            + text
            + "\nsmallest world that still fails:\n"
            + smallest.stream().map(Serialization::asYaml).collect(Collectors.joining()),
        broken);
  }

  /** Leaves out objects for as long as the law stays broken without them. */
  static List<HasMetadata> shrunk(Law law, long seed, List<HasMetadata> world) {
    List<HasMetadata> smallest = world;
    for (int i = 0; i < smallest.size(); ) {
      List<HasMetadata> without = new ArrayList<>(smallest);
      without.remove(i);
      if (broken(law, seed, without) == null) {
        i++;
      } else {
        smallest = without;
        i = 0;
      }
    }
    return smallest;
  }

  private static @Nullable Throwable broken(Law law, long seed, List<HasMetadata> world) {
    try {
      law.check(seed, world);
      return null;
    } catch (AssertionError | RuntimeException e) {
      return e;
    }
  }
}
