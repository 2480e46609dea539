package dev.kcm.controllers.shared.objects;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an owner claims: it keeps its own that match, lets go of its own that do not, and adopts
 * orphans that match. Before the first adoption the owner is read from the server once, past every
 * cache: one that is gone, replaced or being deleted adopts nothing.
 *
 * @param claimant the owner
 * @param kept dependents it has and keeps
 * @param orphans dependents to adopt, by name
 * @param strays dependents to let go, by name
 */
public record Claims<D extends HasMetadata>(
    Claimant<D> claimant, List<D> kept, List<D> orphans, List<D> strays) {

  public Claims {
    kept = List.copyOf(kept);
    orphans = byName(orphans);
    strays = byName(strays);
  }

  /** Sorts out what an owner does with each candidate. */
  public static <D extends HasMetadata> Claims<D> of(
      Claimant<D> claimant, Collection<D> candidates) {
    List<D> kept = new ArrayList<>();
    List<D> orphans = new ArrayList<>();
    List<D> strays = new ArrayList<>();
    for (D candidate : candidates) {
      switch (claimant.claim(candidate)) {
        case KEEP -> kept.add(candidate);
        case ADOPT -> orphans.add(candidate);
        case RELEASE -> strays.add(candidate);
        case IGNORE -> {}
      }
    }
    return new Claims<>(claimant, kept, orphans, strays);
  }

  /**
   * Carries the claims out and goes on with what the owner has then. A claim that fails ends the
   * run with a retry, and {@code next} is not asked. Takes up to two turns.
   */
  public Plan then(Function<List<D>, Plan> next) {
    if (orphans.isEmpty() && strays.isEmpty()) {
      return next.apply(kept);
    }
    if (orphans.isEmpty()) {
      return patches(Optional.empty(), next);
    }
    return Plan.of(Action.fetch(claimant.type(), claimant.key(), "may the owner still adopt"))
        .then(report -> patches(refusal(report), next));
  }

  private Plan patches(Optional<String> refusal, Function<List<D>, Plan> next) {
    List<Action> patches = new ArrayList<>();
    if (refusal.isEmpty()) {
      orphans.forEach(orphan -> patches.add(OwnerPatch.adopt(claimant, orphan)));
    }
    strays.forEach(stray -> patches.add(OwnerPatch.release(claimant, stray)));
    if (patches.isEmpty()) {
      return concluded(new Report(List.of()), refusal, next);
    }
    return Plan.of(Stage.parallel(patches)).then(report -> concluded(report, refusal, next));
  }

  private Plan concluded(Report report, Optional<String> refusal, Function<List<D>, Plan> next) {
    List<String> errors = new ArrayList<>();
    List<D> claimed = new ArrayList<>(kept);
    if (refusal.isPresent()) {
      orphans.forEach(orphan -> errors.add(cannotAdopt(orphan, refusal.get())));
    } else {
      claimed.addAll(adopted(report, errors));
    }
    releaseErrors(report, errors);
    return errors.isEmpty()
        ? next.apply(claimed)
        : Plan.verdict(Verdict.retry(ErrorText.joined(errors)));
  }

  private List<D> adopted(Report report, List<String> errors) {
    List<D> adopted = new ArrayList<>();
    for (int i = 0; i < orphans.size(); i++) {
      Result result = report.results().get(i);
      if (!(result instanceof Rejected rejected)) {
        adopted.add(orphans.get(i));
      } else if (rejected.error().kind() != ApiError.Kind.NOT_FOUND) {
        errors.add(rejected.error().message());
      }
    }
    return adopted;
  }

  /** One that is gone, or whose reference is gone, needs no release any more. */
  private void releaseErrors(Report report, List<String> errors) {
    int first = report.results().size() - strays.size();
    for (Result result : report.results().subList(first, report.results().size())) {
      if (result instanceof Rejected rejected
          && rejected.error().kind() != ApiError.Kind.NOT_FOUND
          && rejected.error().kind() != ApiError.Kind.INVALID) {
        errors.add(rejected.error().message());
      }
    }
  }

  /** Why the owner, as the server has it now, must not adopt; empty when it may. */
  private Optional<String> refusal(Report report) {
    Optional<Rejected> failed = report.firstRejected();
    if (failed.isPresent()) {
      return Optional.of(failed.get().error().message());
    }
    HasMetadata live = report.applied().get(0).answer();
    String uid = live == null ? null : live.getMetadata().getUid();
    if (live == null || !claimant.uid().equals(uid)) {
      return Optional.of(
          claimant.key() + " is gone: got uid " + uid + ", wanted " + claimant.uid());
    }
    String deleted = live.getMetadata().getDeletionTimestamp();
    return Optional.ofNullable(deleted)
        .map(at -> claimant.key() + " has just been deleted at " + at);
  }

  private String cannotAdopt(D orphan, String refusal) {
    return "can't adopt "
        + claimant.dependents().kind()
        + " "
        + ObjectKey.of(orphan)
        + " ("
        + orphan.getMetadata().getUid()
        + "): "
        + refusal;
  }

  private static <D extends HasMetadata> List<D> byName(Collection<D> dependents) {
    return dependents.stream().sorted(Comparator.comparing(ObjectKey::of)).toList();
  }
}
