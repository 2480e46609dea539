package dev.kcm.daemon.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what matters for dashboards from a scrape in the text format. */
final class ScrapedFamilies {

  private static final Pattern SAMPLE = Pattern.compile("([\\w:]+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern STABILITY = Pattern.compile("\\[(ALPHA|BETA|STABLE)] .*");

  private ScrapedFamilies() {}

  /**
   * One metric; labels and bounds are those of its first series.
   *
   * @param type as the scrape names it
   * @param stability what upstream's help text begins with, or empty
   * @param labels their names, sorted
   * @param bounds of buckets, as printed
   */
  record Family(String type, String stability, List<String> labels, List<String> bounds) {

    /** What another has otherwise. */
    Optional<String> differenceOf(Family other) {
      boolean sameLabels = labels.equals(other.labels) || (bounds.isEmpty() && isEmpty(other));
      return type.equals(other.type)
              && stability.equals(other.stability)
              && sameLabels
              && bounds.equals(other.bounds)
          ? Optional.empty()
          : Optional.of("upstream has " + this + ", we have " + other);
    }

    /** A family without series says nothing of labels. */
    private boolean isEmpty(Family other) {
      return labels.isEmpty() || other.labels.isEmpty();
    }
  }

  static Map<String, Family> in(String scrape) {
    Map<String, Family> families = new LinkedHashMap<>();
    List<String> lines = scrape.lines().toList();
    for (int i = 0; i < lines.size(); ) {
      String[] help = lines.get(i).split(" ", 4);
      String type = lines.get(i + 1).split(" ", -1)[3];
      int end = i + 2;
      while (end < lines.size() && !lines.get(end).startsWith("#")) {
        end++;
      }
      families.put(
          help[2], family(type, help.length > 3 ? help[3] : "", lines.subList(i + 2, end)));
      i = end;
    }
    return families;
  }

  private static Family family(String type, String help, List<String> samples) {
    List<String> bounds = new ArrayList<>();
    TreeSet<String> labels = new TreeSet<>();
    String first = null;
    for (String line : samples) {
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches()) {
        throw new IllegalArgumentException(line);
      }
      String text = sample.group(2) == null ? "" : sample.group(2);
      String series = text.replaceFirst(",?le=\"[^\"]*\"", "");
      first = first == null ? series : first;
      if (series.equals(first)) {
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
          if (label.group(1).equals("le")) {
            bounds.add(label.group(2));
          } else {
            labels.add(label.group(1));
          }
        }
      }
    }
    Matcher stability = STABILITY.matcher(help);
    return new Family(
        type, stability.matches() ? stability.group(1) : "", List.copyOf(labels), bounds);
  }
}
