package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of an informer: who is told what, who hears everything again and when, and whose
 * line is full.
 *
 * <p>Confined to the informer's mailbox, except {@link #register}.
 *
 * @param <T> model class
 */
final class Handlers<T extends HasMetadata> {

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  private static final Duration SHORTEST_RESYNC = Duration.ofSeconds(1);

  /**
   * What it works with.
   *
   * @param type of the objects
   * @param environment clocks, timers, threads
   * @param mailbox the informer's
   * @param meters the informer's
   * @param imprints told of each call; null without a guard
   * @param store the informer's
   * @param feed stalls while a line is full
   * @param <T> model class
   */
  record Wiring<T extends HasMetadata>(
      ResourceType<T> type,
      Environment environment,
      Executor mailbox,
      InformerMeters meters,
      @Nullable Imprints imprints,
      IndexedStore<T> store,
      Feed<T> feed) {}

  private final Wiring<T> wiring;
  private final Duration resync;
  private final List<HandlerRegistration<T>> registrations = new ArrayList<>();

  /** Handlers that can take no more; while there are any, nothing more is taken in. */
  private final Set<HandlerRegistration<T>> fullLines = new LinkedHashSet<>();

  private boolean synced;
  private boolean stopped;
  private @Nullable Duration checkPeriod;
  private @Nullable Duration expected;
  private Timers.@Nullable Timer resyncTimer;

  /**
   * No handlers yet.
   *
   * @param resync after what time they hear of every object again; zero for never
   */
  Handlers(Wiring<T> wiring, Duration resync) {
    this.wiring = wiring;
    this.resync = resync;
  }

  // ---- who there is

  /** A handler's registration, which is attached later. On any thread. */
  HandlerRegistration<T> register(
      String name, EventHandler<? super T> handler, HandlerOptions options) {
    // The registration takes itself out by this holder, since it must exist first.
    List<HandlerRegistration<T>> self = new ArrayList<>(1);
    HandlerRegistration<T> registration =
        new HandlerRegistration<>(
            name,
            handler,
            options,
            wiring.environment.executor(name + "-" + wiring.type.plural() + "-handler"),
            wiring.environment.ticker(),
            wiring.meters.handler(name),
            wiring.imprints,
            new HandlerRegistration.Owner() {
              @Override
              public void full() {
                fullLines.addAll(self);
              }

              @Override
              public void hasRoom() {
                wiring.mailbox.execute(() -> leaveFullLines(self));
              }

              @Override
              public void removed() {
                wiring.meters.leave(name);
                wiring.mailbox.execute(
                    () -> {
                      registrations.removeAll(self);
                      leaveFullLines(self);
                    });
              }
            });
    self.add(registration);
    return registration;
  }

  List<HandlerRegistration<T>> list() {
    return List.copyOf(registrations);
  }

  /** Everything that was there at first is in the lines. */
  void initialDone() {
    synced = true;
    registrations.forEach(HandlerRegistration::initialDone);
  }

  /** Ends resync, and lets nobody in any more. */
  void stop() {
    stopped = true;
    if (resyncTimer != null) {
      resyncTimer.cancel();
    }
  }

  private void leaveFullLines(List<HandlerRegistration<T>> registration) {
    boolean left = registration.stream().noneMatch(HandlerRegistration::isFull);
    if (left && fullLines.removeAll(registration) && fullLines.isEmpty() && !stopped) {
      wiring.feed.resume();
    }
  }

  /** Stops the flow when a line is full; not in the middle of a step of the reflector. */
  void stallIfFull() {
    if (!fullLines.isEmpty() && !stopped) {
      HandlerRegistration<T> first = fullLines.iterator().next();
      wiring.feed.stall(
          "handler " + first.name() + " has " + first.options().hardLimit() + " waiting");
    }
  }

  void stallSoonIfFull() {
    if (!fullLines.isEmpty()) {
      wiring.mailbox.execute(this::stallIfFull);
    }
  }

  /** Lets a handler in: it is told what is there, and everything from now on. */
  void attach(HandlerRegistration<T> registration, boolean synced) {
    if (stopped) {
      registration.remove();
      return;
    }
    Duration period = resyncFor(registration);
    if (!period.isZero()) {
      registration.resyncEvery(period);
    }
    wiring
        .store
        .objects()
        .forEach((key, object) -> registration.post(new Note.Add<>(key, object, true)));
    registrations.add(registration);
    if (synced) {
      registration.initialDone();
    }
    stallSoonIfFull();
  }

  // ---- resync

  private Duration resyncFor(HandlerRegistration<T> registration) {
    Duration asked = registration.options().resync();
    if (resync.isZero()) {
      if (!asked.isZero()) {
        log.info(
            "Handler {} asks for a resync every {}, but {} are not resynced",
            registration.name(),
            asked,
            wiring.type.qualifiedPlural());
      }
      return Duration.ZERO;
    }
    Duration wanted = asked.isZero() ? resync : asked;
    Duration shortest = checkPeriod == null ? SHORTEST_RESYNC : checkPeriod;
    if (wanted.compareTo(shortest) < 0) {
      log.info(
          "Handler {} asks for a resync of {} every {}, raised to {}",
          registration.name(),
          wiring.type.qualifiedPlural(),
          wanted,
          shortest);
      return shortest;
    }
    return wanted;
  }

  /** Notes, before the start, what a handler that is to come will ask for. */
  void expectResync(Duration period) {
    if (!period.isZero() && (expected == null || period.compareTo(expected) < 0)) {
      expected = period;
    }
  }

  /** Begins to resync, unless there is none. */
  void start() {
    if (resync.isZero()) {
      return;
    }
    Duration wanted = expected == null || resync.compareTo(expected) < 0 ? resync : expected;
    Duration shortest = wanted.compareTo(SHORTEST_RESYNC) < 0 ? SHORTEST_RESYNC : wanted;
    for (HandlerRegistration<T> registration : registrations) {
      Duration period = resyncFor(registration);
      shortest = period.compareTo(shortest) < 0 ? period : shortest;
      registration.resyncEvery(period);
    }
    checkPeriod = shortest;
    resyncLater(shortest);
  }

  private void resyncLater(Duration period) {
    resyncTimer =
        wiring
            .environment
            .timers()
            .schedule(
                period,
                wiring.mailbox,
                () -> {
                  if (!stopped) {
                    resyncNow();
                    resyncLater(period);
                  }
                });
  }

  private void resyncNow() {
    if (!synced || !fullLines.isEmpty()) {
      return;
    }
    List<HandlerRegistration<T>> due = new ArrayList<>();
    for (HandlerRegistration<T> registration : registrations) {
      registration.lookAtClock();
      if (registration.isDue()) {
        due.add(registration);
      }
    }
    if (!due.isEmpty()) {
      wiring
          .store
          .objects()
          .forEach(
              (key, object) -> {
                Note<T> note = new Note.Resync<>(key, object);
                due.forEach(registration -> registration.post(note));
              });
      stallSoonIfFull();
    }
  }

  // ---- what they are told

  void post(Note<T> note) {
    for (HandlerRegistration<T> registration : registrations) {
      registration.post(note);
    }
  }

  /** An object that a list shows as it was: only for those who are due to hear it again. */
  void postAgain(ObjectKey key, T object) {
    Note<T> note = new Note.Resync<>(key, object);
    for (HandlerRegistration<T> registration : registrations) {
      if (registration.isDue()) {
        registration.post(note);
      }
    }
  }

  /** A changed object, or another one of the same name. */
  void postUpdate(ObjectKey key, T known, T object, boolean sameIncarnation) {
    Note<T> update = new Note.Update<>(key, known, object);
    if (sameIncarnation) {
      post(update);
      return;
    }
    for (HandlerRegistration<T> registration : registrations) {
      if (registration.options().recreatedIsUpdate()) {
        registration.post(update);
      } else {
        registration.post(new Note.Delete<>(key, known, true));
        registration.post(new Note.Add<>(key, object, false));
      }
    }
  }
}
