"""The table of all rules for masking secrets; a test refuses a rule without working samples."""

from exlogare_ci.analysis.secret_contexts import CONTEXTS
from exlogare_ci.analysis.secret_rule import SecretRule
from exlogare_ci.analysis.secret_shapes_code import CODE_SHAPES
from exlogare_ci.analysis.secret_shapes_services import SERVICE_SHAPES

RULES: tuple[SecretRule, ...] = (*CODE_SHAPES, *SERVICE_SHAPES, *CONTEXTS)
