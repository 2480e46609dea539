package dev.kcm.core.informer;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.ListPage;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.informer.ErrorHandler.Phase;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One list, from its first page to its last.
 *
 * <p>Confined to the informer's mailbox, except {@code items}: the client fills it while a page is
 * under way, and the completion of the page hands it back.
 *
 * @param <T> model class
 */
final class ListRun<T extends HasMetadata> {

  private static final int PAGE = 500;

  private final Reflector<T> reflector;
  private final String version;
  private final long began;
  private int number;
  private int limit;
  private int pages;
  private boolean whole;
  private List<T> items = new ArrayList<>();

  /** A list of what is at least as new as a version; "0" for anything, empty for most recent. */
  ListRun(Reflector<T> reflector, String version) {
    this.reflector = reflector;
    this.version = version;
    this.limit = reflector.pagesWanted(version) ? PAGE : 0;
    this.began = reflector.environment().ticker().nanos();
  }

  void begin() {
    number = reflector.begin();
    reflector.contact().state(() -> "LISTING (page 1)");
    firstPage();
  }

  private void firstPage() {
    items = new ArrayList<>();
    pages = 1;
    // Without this match a limit at a version would mean exactly that version.
    boolean exact = limit > 0 && !version.isEmpty() && !version.equals("0");
    String match = exact ? "NotOlderThan" : "";
    page(new ListQuery(reflector.scope(), version, match, limit, ""));
  }

  private void page(ListQuery query) {
    CompletableFuture<ListPage> page = request(query);
    reflector.endsBy(() -> page.cancel(true));
    var unused =
        page.whenCompleteAsync(
            (answer, failure) -> {
              if (reflector.isCurrent(number)) {
                reflector.guarded(() -> answered(query, answer, failure));
              }
            },
            reflector.mailbox());
  }

  private CompletableFuture<ListPage> request(ListQuery query) {
    List<T> into = items;
    try {
      return reflector
          .api()
          .list(
              reflector.type(),
              query,
              item -> {
                if (reflector.accepts(item)) {
                  into.add(reflector.prepared(item));
                }
              });
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private void answered(ListQuery query, @Nullable ListPage answer, @Nullable Throwable failure) {
    if (answer == null) {
      failed(query, ApiException.errorOf(failure == null ? new IllegalStateException() : failure));
      return;
    }
    reflector.contact().heard();
    if (!answer.continueToken().isEmpty()) {
      if (version.equals("0")) {
        reflector.serverPages();
      }
      int page = ++pages;
      reflector.contact().state(() -> "LISTING (page " + page + ")");
      page(new ListQuery(reflector.scope(), "", "", limit, answer.continueToken()));
      return;
    }
    listed("success");
    reflector.fetched(items, answer.resourceVersion());
    reflector.watch();
  }

  private void failed(ListQuery query, ApiError error) {
    boolean midway = !query.continueToken().isEmpty();
    if (error.kind() == Kind.GONE && midway && !whole) {
      whole = true;
      limit = 0;
      firstPage();
      return;
    }
    listed(error.kind().name().toLowerCase(Locale.ROOT));
    if (error.kind() == Kind.GONE || error.kind() == Kind.TOO_LARGE_RESOURCE_VERSION) {
      reflector.versionRefused(version, Phase.LIST, error);
    } else {
      reflector.failed(Phase.LIST, error);
    }
  }

  private void listed(String result) {
    reflector.meters().listed(result, reflector.environment().ticker().nanos() - began);
  }
}
