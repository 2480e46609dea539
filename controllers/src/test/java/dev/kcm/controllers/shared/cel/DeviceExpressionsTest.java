package dev.kcm.controllers.shared.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.resource.v1.Device;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceAttribute;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceAttributeBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceCapacityBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceExpressionsTest {

  private static final String DRIVER = "dra.example.com";

  private final DeviceExpressions expressions = DeviceExpressions.create(false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "device.driver == 'dra.example.com'",
        "'dra.example.com' in device.attributes",
        "!('no-such-domain' in device.attributes)",
        "device.attributes['dra.example.com'].flag",
        "device.attributes['dra.example.com']['flag']",
        "cel.bind(dra, device.attributes['dra.example.com'], dra.flag)",
        "device.attributes['other.example.com'].name == 'fish'",
        "device.attributes['dra.example.com'].count > 0",
        "device.attributes['dra.example.com'].count == 3.0",
        "device.attributes['dra.example.com'].text.split('example').size() >= 2",
        "device.attributes['dra.example.com'].text.matches('[^a]?ome')",
        "device.attributes['dra.example.com'].release.isGreaterThan(semver('0.0.1'))",
        "device.attributes['dra.example.com'].release == semver('1.2.3+other')",
        "device.attributes['dra.example.com'].release.minor() == 2",
        "device.attributes['dra.example.com'].release.isGreaterThan(semver('v0.0.1', true))",
        "isSemver('v1.0', true) && !isSemver('v1.0.0')",
        "semver('1.0.0-alpha.2').isLessThan(semver('1.0.0-alpha.10'))",
        "device.capacity['dra.example.com'].memory.isGreaterThan(quantity('1Ki'))",
        "device.capacity['dra.example.com'].memory.compareTo(quantity('1048576')) == 0",
        "device.capacity['dra.example.com'].memory == quantity('1024Ki')",
        "device.capacity['dra.example.com'].memory.isLessThan(quantity('1.5Mi'))",
        "device.capacity['dra.example.com'].memory.asInteger() == 1048576",
        "device.capacity['dra.example.com'].memory.add(quantity('1')).sub(1).isInteger()",
        "quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')",
        "!quantity('9999999999999999999999999999999999999G').isInteger()",
        "isQuantity('1.3Gi') && !isQuantity('200K') && !isQuantity('Mi') && !isQuantity('1,3G')",
        "sign(quantity('-1m')) == -1 && quantity('1m').asApproximateFloat() < 0.002",
        "'memory' in device.capacity['dra.example.com']",
        "!('memory' in device.capacity['no-such-domain'])",
        "device.attributes.exists_one(x, x == 'dra.example.com')",
        "device.attributes['dra.example.com'].exists_one(x, x == 'text')",
        "device.attributes['dra.example.com'].?missing.orValue(true)",
        "sets.contains([1, 2, 3], [2])",
        "1 in [2, 1] && 1 in {1: 'a'} && !(2 in {1: 'a'})",
      })
  void selectsTheDevice(String text) {
    assertThat(expressions.of(text).matches(DRIVER, device())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "'no-such-domain' in device.attributes",
        "device.attributes['dra.example.com'].count > 3",
        "device.capacity['dra.example.com'].memory.isGreaterThan(quantity('1Mi'))",
      })
  void doesNotSelectTheDevice(String text) {
    assertThat(expressions.of(text).matches(DRIVER, device())).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?!                             | compilation failed",
        "1                              | must evaluate to bool or the unknown type, not int",
        "device.nothing                 | undefined field 'nothing'",
        "device.allowMultipleAllocations| undefined field 'allowMultipleAllocations'",
        "nothing()                      | undeclared reference",
      })
  void saysWhyATextIsNoExpression(String text, String problem) {
    assertThatThrownBy(() -> expressions.of(text).matches(DRIVER, device()))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining(problem)
        .matches(e -> ((ExpressionException) e).isAboutTheText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "device.attributes['no-such-domain'].missing.isGreaterThan(quantity('0'))    | missing",
        "device.attributes['no-such-domain']['missing'].isGreaterThan(quantity('0')) | missing",
        "device.attributes['dra.example.com'].text                                   | boolean",
        "quantity('10') == quantity('ten')                                           | ten",
        "quantity('1e999999999').isInteger()                                         | 1e999999999",
      })
  void saysWhyThereIsNoAnswer(String text, String problem) {
    assertThatThrownBy(() -> expressions.of(text).matches(DRIVER, device()))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining(problem)
        .matches(e -> !((ExpressionException) e).isAboutTheText());
  }

  @Test
  void anExpressionThatCostsTooMuchIsGivenUp() {
    String ten = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    String text = "1 < 100";
    for (String name : new String[] {"a", "b", "c", "d", "e", "f", "g"}) {
      text = ten + ".all(" + name + ", " + text + ")";
    }
    String expensive = text;
    assertThatThrownBy(() -> expressions.of(expensive).matches(DRIVER, device()))
        .isInstanceOf(ExpressionException.class)
        .hasMessageContaining("budget exceeded");
    String endless = "'" + "x".repeat(11_000) + "' == ''";
    assertThatThrownBy(() -> expressions.of(endless).matches(DRIVER, device()))
        .isInstanceOf(ExpressionException.class);
    String deep = "(".repeat(5000) + "true" + ")".repeat(5000);
    assertThatThrownBy(() -> expressions.of(deep).matches(DRIVER, device()))
        .isInstanceOf(ExpressionException.class);
  }

  @Test
  void attributesThatCannotBeReadAreTold() {
    Device odd =
        new DeviceBuilder().withName("d").addToAttributes("odd", new DeviceAttribute()).build();
    assertThatThrownBy(() -> expressions.of("true").matches(DRIVER, odd))
        .hasMessage("attribute odd: unsupported attribute value");
  }

  @Test
  void severalAllocationsAreKnownWhileTheirGateIsOn() {
    DeviceExpressions consumable = DeviceExpressions.create(true);
    assertThat(
            consumable
                .of("device.allowMultipleAllocations == false")
                .matches(DRIVER, new DeviceBuilder().withName("d").build()))
        .isTrue();
  }

  @Test
  void textsAreCompiledOnce() {
    assertThat(expressions.of("true")).isSameAs(expressions.of("true"));
    DeviceExpression broken = expressions.of("?!");
    assertThat(expressions.of("?!")).isSameAs(broken);
  }

  private static Device device() {
    return new DeviceBuilder()
        .withName("d")
        .addToAttributes("flag", attribute().withBool(true).build())
        .addToAttributes("count", attribute().withInt(3L).build())
        .addToAttributes("text", attribute().withString("some_example_value").build())
        .addToAttributes("release", attribute().withVersion("1.2.3").build())
        .addToAttributes("other.example.com/name", attribute().withString("fish").build())
        .addToCapacity(
            "memory", new DeviceCapacityBuilder().withValue(new Quantity("1", "Mi")).build())
        .build();
  }

  private static DeviceAttributeBuilder attribute() {
    return new DeviceAttributeBuilder();
  }
}
