"""CloudFormation: templates, change sets, and what carries them out."""
