package dev.kcm.core.informer;

import dev.kcm.core.time.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lets each text through once a minute. Confined to the informer's mailbox. */
final class RepeatedErrors {

  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int REMEMBERED = 100;

  private final Ticker ticker;
  private final Map<String, Long> lastByText =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  RepeatedErrors(Ticker ticker) {
    this.ticker = ticker;
  }

  boolean isNews(String text) {
    Long last = lastByText.get(text);
    if (last != null && ticker.since(last).compareTo(QUIET) < 0) {
      return false;
    }
    lastByText.put(text, ticker.nanos());
    return true;
  }
}
