package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of rules: one that comes, changes or goes wakes the pods that use devices it may select.
 *
 * <p>Thread-safe: it only reads a lister.
 */
final class RuleMapper implements EventMapper<DeviceTaintRule> {

  private final ClaimUses uses;

  RuleMapper(ClaimUses uses) {
    this.uses = uses;
  }

  @Override
  public void added(DeviceTaintRule rule, boolean initial, Keys keys) {
    if (!initial) {
      wake(rule, keys);
    }
  }

  @Override
  public void updated(DeviceTaintRule old, DeviceTaintRule current, Keys keys) {
    if (!Objects.equals(old.getSpec(), current.getSpec())) {
      wake(old, keys);
      wake(current, keys);
    }
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable DeviceTaintRule last, boolean finalStateUnknown, Keys keys) {
    if (last != null) {
      wake(last, keys);
    }
  }

  private void wake(DeviceTaintRule rule, Keys keys) {
    uses.wakeUsersOf(RuleSelector.of(rule)::fits, keys);
  }
}
