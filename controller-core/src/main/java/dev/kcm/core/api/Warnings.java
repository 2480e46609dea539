package dev.kcm.core.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands on what servers say in {@code Warning} headers with code 299; headers of another form are
 * ignored.
 *
 * <p>Guarded by {@code seen}; nothing is logged under it.
 */
final class Warnings {

  private static final Logger log = LoggerFactory.getLogger(ApiClients.class);

  /** How many texts are remembered; one that was forgotten is logged again. */
  private static final int REMEMBERED = 1000;

  /** Code 299, an agent, a quoted text. */
  private static final Pattern HEADER =
      Pattern.compile("299\\s+\\S+\\s+\"((?:[^\"\\\\]|\\\\.)*+)\".*", Pattern.DOTALL);

  @GuardedBy("seen") private final Map<String, Boolean> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  private final Consumer<String> taker;

  /**
   * @param taker takes each text, as often as it comes; null to log each text once
   */
  Warnings(@Nullable Consumer<String> taker) {
    this.taker = taker == null ? this::logOnce : taker;
  }

  /**
   * Takes the headers of an answer.
   *
   * @return how many warnings there were
   */
  int take(List<String> headers) {
    int warnings = 0;
    for (String header : headers) {
      Matcher matcher = HEADER.matcher(header);
      if (matcher.matches()) {
        warnings++;
        tell(matcher.group(1).replaceAll("\\\\(.)", "$1"));
      }
    }
    return warnings;
  }

  private void tell(String text) {
    try {
      taker.accept(text);
    } catch (RuntimeException broken) {
      // Whoever takes warnings must not cost the answer.
      log.warn("The API server warns: {}; taking it failed", text, broken);
    }
  }

  private void logOnce(String text) {
    if (isNew(text)) {
      log.warn("The API server warns: {}", text);
    }
  }

  private boolean isNew(String text) {
    synchronized (seen) {
      return seen.putIfAbsent(text, true) == null;
    }
  }
}
