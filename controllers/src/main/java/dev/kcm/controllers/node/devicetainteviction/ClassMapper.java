package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Events of classes: they are events of the rules that select by them.
 *
 * <p>Thread-safe: it only reads a lister.
 */
final class ClassMapper implements EventMapper<DeviceClass> {

  private final TaintRules rules;
  private final BiConsumer<DeviceTaintRule, Keys> changed;

  ClassMapper(TaintRules rules, BiConsumer<DeviceTaintRule, Keys> changed) {
    this.rules = rules;
    this.changed = changed;
  }

  @Override
  public void added(DeviceClass deviceClass, boolean initial, Keys keys) {
    if (!initial) {
      wake(deviceClass.getMetadata().getName(), keys);
    }
  }

  @Override
  public void updated(DeviceClass old, DeviceClass current, Keys keys) {
    if (!Objects.equals(old.getSpec(), current.getSpec())) {
      wake(current.getMetadata().getName(), keys);
    }
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable DeviceClass last, boolean finalStateUnknown, Keys keys) {
    wake(key.name(), keys);
  }

  private void wake(String name, Keys keys) {
    rules.usingClass(name).forEach(rule -> changed.accept(rule, keys));
  }
}
