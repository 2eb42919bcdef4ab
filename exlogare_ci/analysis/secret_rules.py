"""The table of all rules for masking secrets; a test refuses a rule without working samples."""

from exlogare_ci.analysis.secret_contexts import CONTEXTS
from exlogare_ci.analysis.secret_contexts_tools import TOOL_CONTEXTS
from exlogare_ci.analysis.secret_rule import SecretRule
from exlogare_ci.analysis.secret_shapes_business import BUSINESS_SHAPES
from exlogare_ci.analysis.secret_shapes_clouds import CLOUD_SHAPES
from exlogare_ci.analysis.secret_shapes_code import CODE_SHAPES
from exlogare_ci.analysis.secret_shapes_delivery import DELIVERY_SHAPES
from exlogare_ci.analysis.secret_shapes_models import MODEL_SHAPES
from exlogare_ci.analysis.secret_shapes_services import SERVICE_SHAPES

RULES: tuple[SecretRule, ...] = (
    *CODE_SHAPES,
    *DELIVERY_SHAPES,
    *CLOUD_SHAPES,
    *MODEL_SHAPES,
    *SERVICE_SHAPES,
    *BUSINESS_SHAPES,
    *CONTEXTS,
    *TOOL_CONTEXTS,
)
