package dev.kcm.daemon.endpoints;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How stable upstream calls its metrics. Their help texts begin with it, and some dashboards and
 * rules filter by that.
 *
 * <p>Immutable.
 */
final class Stability {

  private static final String FILE = "stability.tsv";

  private final List<Entry> entries;

  private Stability(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * A line of the table.
   *
   * @param name exact, or the beginning of names
   * @param isBeginning which of the two
   * @param level for example {@code ALPHA}
   */
  private record Entry(String name, boolean isBeginning, String level) {

    static Entry of(String line) {
      String[] parts = line.split("\t", -1);
      boolean isBeginning = parts[0].endsWith("*");
      return new Entry(
          isBeginning ? parts[0].substring(0, parts[0].length() - 1) : parts[0],
          isBeginning,
          parts[1]);
    }

    boolean fits(String shown) {
      return isBeginning ? shown.startsWith(name) : shown.equals(name);
    }
  }

  static Stability ofUpstream() {
    List<Entry> entries = new ArrayList<>();
    try (InputStream in = Objects.requireNonNull(Stability.class.getResourceAsStream(FILE));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          entries.add(Entry.of(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FILE, e);
    }
    return new Stability(entries);
  }

  /** The help text of a metric with its stability in front, once. Ours have none. */
  String help(String name, String text) {
    return text.startsWith("[")
        ? text
        : entries.stream()
            .filter(entry -> entry.fits(name))
            .findFirst()
            .map(entry -> "[" + entry.level + "] " + text)
            .orElse(text);
  }
}
