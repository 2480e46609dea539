package dev.kcm.daemon.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the package-info of a controller says, as Markdown.
 *
 * @param summary what users see when it works, without the words before the first colon
 * @param parts text of each label, in the order of {@link #LABELS}
 * @param differences to upstream, with their reasons
 */
record PackageContract(String summary, Map<String, String> parts, List<Difference> differences) {

  /** The labels of the paragraphs, in this order, none missing. */
  static final List<String> LABELS =
      List.of(
          "Watches",
          "Writes",
          "Queue key",
          "Flags",
          "Events",
          "Conditions",
          "Metrics",
          "Feature gates",
          "Invariants",
          "Differences to upstream");

  /** What a part says when there is nothing to say. */
  static final String NONE = "none.";

  private static final Pattern DOCUMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
  private static final Pattern PARAGRAPH = Pattern.compile("<p><b>([^<]+)</b>");
  private static final Pattern ITEM = Pattern.compile("<li>(.*?); <i>(.*?)</i>");
  private static final Pattern TAG = Pattern.compile("\\{@(code|literal|link) ([^}]*)}");

  PackageContract {
    parts = Map.copyOf(parts);
    differences = List.copyOf(differences);
  }

  /**
   * One of them.
   *
   * @param what is different here
   * @param why it is
   */
  record Difference(String what, String why) {}

  /**
   * Reads a package-info.
   *
   * @throws IllegalArgumentException naming the file, when it does not have the form that {@code
   *     docs/controllers/README.md} describes
   */
  static PackageContract read(Path file) throws IOException {
    Matcher document = DOCUMENT.matcher(Files.readString(file));
    if (!document.find()) {
      throw new IllegalArgumentException(file + " has no Javadoc");
    }
    String text = document.group(1).replaceAll("(?m)^ *\\* ?", "").replaceAll("\\s+", " ").strip();
    List<String> labels = new ArrayList<>();
    Map<String, String> parts = new LinkedHashMap<>();
    Matcher paragraph = PARAGRAPH.matcher(text);
    int first = -1;
    int begin = 0;
    while (paragraph.find()) {
      if (first < 0) {
        first = paragraph.start();
      } else {
        parts.put(labels.get(labels.size() - 1), text.substring(begin, paragraph.start()).strip());
      }
      labels.add(paragraph.group(1));
      begin = paragraph.end();
    }
    if (!labels.equals(LABELS)) {
      throw new IllegalArgumentException(
          "%s has the labels %s, allowed: exactly %s".formatted(file, labels, LABELS));
    }
    String last = text.substring(begin).strip();
    parts.put(labels.get(labels.size() - 1), last);
    parts.replaceAll((label, html) -> markdown(html));
    return new PackageContract(
        summary(file, text.substring(0, first).strip()), parts, differences(last));
  }

  private static String summary(Path file, String text) {
    int colon = text.indexOf(": ");
    if (colon < 0) {
      throw new IllegalArgumentException(
          file + " begins with \"" + text + "\", allowed: its name, a colon, and what users see");
    }
    return capitalized(markdown(text.substring(colon + 2)));
  }

  private static List<Difference> differences(String html) {
    List<Difference> differences = new ArrayList<>();
    Matcher item = ITEM.matcher(html);
    while (item.find()) {
      differences.add(new Difference(markdown(item.group(1)), markdown(item.group(2))));
    }
    return differences;
  }

  /** The text of a label. */
  String part(String label) {
    return parts.getOrDefault(label, NONE);
  }

  static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String markdown(String html) {
    return TAG.matcher(html)
        .replaceAll(
            tag ->
                Matcher.quoteReplacement(
                    tag.group(1).equals("literal") ? tag.group(2) : "`" + tag.group(2) + "`"))
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }
}
