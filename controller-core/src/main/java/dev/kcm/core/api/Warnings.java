package dev.kcm.core.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what servers say in {@code Warning} headers, each text once.
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
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  void log(List<String> headers) {
    for (String header : headers) {
      Matcher matcher = HEADER.matcher(header);
      if (matcher.matches()) {
        String text = matcher.group(1).replaceAll("\\\\(.)", "$1");
        if (isNew(text)) {
          log.warn("The API server warns: {}", text);
        }
      }
    }
  }

  private boolean isNew(String text) {
    synchronized (seen) {
      return seen.putIfAbsent(text, true) == null;
    }
  }
}
