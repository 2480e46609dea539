package dev.kcm.controllers.auth.bootstrapsigner;

import dev.kcm.controllers.shared.bootstraptokens.BootstrapTokens;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the signatures in cluster-info in step with the tokens, and looks again when the next of
 * them expires.
 *
 * <p>Immutable.
 */
final class BootstrapSignerReconciler implements Reconciler<BootstrapSignerSnapshot> {

  private static final String KUBECONFIG = "kubeconfig";
  private static final String SIGNATURE_PREFIX = "jws-kubeconfig-";

  @Override
  public Plan decide(BootstrapSignerSnapshot snapshot, Instant now) {
    ConfigMap map = snapshot.clusterInfo();
    Map<String, String> data = map.getData() == null ? Map.of() : map.getData();
    String content = data.get(KUBECONFIG);
    if (content == null || map.getMetadata().getDeletionTimestamp() != null) {
      return Plan.NOTHING;
    }
    List<Secret> signing =
        snapshot.tokens().stream().filter(t -> SigningToken.of(t, now).isPresent()).toList();
    Map<String, String> wanted = withoutSignatures(data);
    for (Secret secret : signing) {
      SigningToken.of(secret, now)
          .ifPresent(t -> wanted.put(SIGNATURE_PREFIX + t.id(), t.signature(content)));
    }
    Verdict verdict = untilNextEnd(signing, now);
    if (wanted.equals(data)) {
      return verdict.equals(Verdict.DONE) ? Plan.NOTHING : Plan.verdict(verdict);
    }
    ConfigMap signed = new ConfigMapBuilder(map).withData(wanted).build();
    return Plan.of(
            Action.update(Kinds.CONFIG_MAPS, signed, "the signatures do not match the tokens"))
        .ending(verdict);
  }

  private static Map<String, String> withoutSignatures(Map<String, String> data) {
    Map<String, String> rest = new TreeMap<>(data);
    rest.keySet().removeIf(key -> key.startsWith(SIGNATURE_PREFIX));
    return rest;
  }

  private static Verdict untilNextEnd(List<Secret> signing, Instant now) {
    return signing.stream()
        .flatMap(token -> BootstrapTokens.expiration(token).stream())
        .min(Instant::compareTo)
        .map(end -> Verdict.after(Duration.between(now, end)))
        .orElse(Verdict.DONE);
  }
}
